package dev.muster.services.user;

import static org.springframework.http.HttpHeaders.IF_MATCH;
import static org.springframework.http.HttpHeaders.IF_NONE_MATCH;
import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import dev.muster.services.starter.Documents;
import dev.muster.services.starter.PostedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The routes of user-service.
@RestController
@RequestMapping(path = "/users", produces = APPLICATION_JSON_VALUE)
class UserRoutes {
  private final Documents users;

  UserRoutes(Documents users) {
    this.users = users;
  }

  /// `{"user_id", "user_info"}` → 201 `{"user_id"}`
  @PostMapping(consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> create(
      @RequestBody PostedObject body,
      @RequestHeader(name = IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch) {
    return users.create(body, ifNoneMatch);
  }

  /// 200 `{"user_info"}` or 404 `{"error":"User not found"}`
  @GetMapping("/{id}")
  ResponseEntity<String> read(@PathVariable String id) {
    return users.read(id);
  }

  /// `{"user_info"}` → 200 `{"user_id"}`
  @PutMapping(path = "/{id}", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> update(
      @PathVariable String id,
      @RequestBody PostedObject body,
      @RequestHeader(name = IF_MATCH, required = false) @Nullable String ifMatch) {
    return users.update(id, body, ifMatch);
  }
}
