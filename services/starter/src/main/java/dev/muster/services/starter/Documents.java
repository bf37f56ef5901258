package dev.muster.services.starter;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Answers the three requests which a service takes for its documents: create, read, update.
public final class Documents {
  private static final String ANY = "*";

  private final DocumentKind kind;
  private final DocumentStore store;

  /// Documents of this kind in the database behind `jdbc`.
  public Documents(DocumentKind kind, JdbcClient jdbc) {
    this.kind = kind;
    this.store = new DocumentStore(jdbc, kind.table());
  }

  /// Stores the posted document under its id and answers 201, also where one was before.
  ///
  /// @param ifNoneMatch with `*` an id that is taken is refused with 412
  public ResponseEntity<String> create(PostedObject body, @Nullable String ifNoneMatch) {
    Optional<DocumentId> id = body.member(kind.idName()).flatMap(DocumentId::ofValue);
    Optional<JsonValue> info = body.member(kind.infoName());
    if (id.isEmpty() || info.isEmpty()) {
      List<Problem.Fault> faults = new ArrayList<>();
      if (id.isEmpty()) {
        faults.add(new Problem.Fault(PostedObject.pointer(kind.idName()), DocumentId.RULE));
      }
      if (info.isEmpty()) {
        faults.add(missingInfo());
      }
      throw Problem.unprocessable(faults.toArray(Problem.Fault[]::new));
    }
    String key = id.get().text();
    if (!ANY.equals(ifNoneMatch)) {
      store.put(key, info.get().json());
    } else if (!store.insert(key, info.get().json())) {
      throw new Problem(
          HttpStatus.PRECONDITION_FAILED, kind.label() + " " + key + " exists already");
    }
    return json(
        ResponseEntity.created(URI.create("/" + kind.table() + "/" + key)),
        kind.idName(),
        id.get().json());
  }

  /// Answers 200 with the document, or 404 with the words that clients of the first version know.
  public ResponseEntity<String> read(String id) {
    return store
        .find(idInPath(id).text())
        .map(info -> json(ResponseEntity.ok(), kind.infoName(), info))
        .orElseGet(
            () ->
                json(
                    ResponseEntity.status(HttpStatus.NOT_FOUND),
                    "error",
                    '"' + kind.label() + " not found\""));
  }

  /// Stores the posted document under the id in the path and answers 200, also where none was
  /// before.
  ///
  /// @param ifMatch with `*` an unknown id is refused with 412; so is every entity tag, as none was
  ///     ever given out
  public ResponseEntity<String> update(String id, PostedObject body, @Nullable String ifMatch) {
    DocumentId key = idInPath(id);
    String info =
        body.member(kind.infoName()).orElseThrow(() -> Problem.unprocessable(missingInfo())).json();
    if (ifMatch == null) {
      store.put(key.text(), info);
    } else if (!ANY.equals(ifMatch)) {
      throw new Problem(HttpStatus.PRECONDITION_FAILED, "If-Match: no document has an entity tag");
    } else if (!store.update(key.text(), info)) {
      throw new Problem(
          HttpStatus.PRECONDITION_FAILED, kind.label() + " " + key.text() + " does not exist");
    }
    return json(ResponseEntity.ok(), kind.idName(), key.json());
  }

  private DocumentId idInPath(String id) {
    return DocumentId.ofText(id)
        .orElseThrow(
            () ->
                new Problem(
                    HttpStatus.BAD_REQUEST,
                    "The " + kind.idName() + " in the path " + DocumentId.RULE));
  }

  private Problem.Fault missingInfo() {
    return new Problem.Fault(
        PostedObject.pointer(kind.infoName()), "must be there; it may be any JSON value");
  }

  private static ResponseEntity<String> json(
      ResponseEntity.BodyBuilder answer, String name, String value) {
    return answer.contentType(MediaType.APPLICATION_JSON).body("{\"" + name + "\":" + value + "}");
  }
}
