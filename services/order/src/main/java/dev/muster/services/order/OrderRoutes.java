package dev.muster.services.order;

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

/// The routes of order-service.
@RestController
@RequestMapping(path = "/orders", produces = APPLICATION_JSON_VALUE)
class OrderRoutes {
  private final Documents orders;

  OrderRoutes(Documents orders) {
    this.orders = orders;
  }

  /// `{"order_id", "order_info"}` → 201 `{"order_id"}`
  @PostMapping(consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> create(
      @RequestBody PostedObject body,
      @RequestHeader(name = IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch) {
    return orders.create(body, ifNoneMatch);
  }

  /// 200 `{"order_info"}` or 404 `{"error":"Order not found"}`
  @GetMapping("/{id}")
  ResponseEntity<String> read(@PathVariable String id) {
    return orders.read(id);
  }

  /// `{"order_info"}` → 200 `{"order_id"}`
  @PutMapping(path = "/{id}", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> update(
      @PathVariable String id,
      @RequestBody PostedObject body,
      @RequestHeader(name = IF_MATCH, required = false) @Nullable String ifMatch) {
    return orders.update(id, body, ifMatch);
  }
}
