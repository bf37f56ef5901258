package dev.muster.services.starter;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The documents of one table: id to JSON text, which it neither reads nor changes. Every call is
/// one committed statement or more; a call that throws may or may not have written, and all writes
/// may be repeated.
final class DocumentStore {
  private final JdbcClient jdbc;
  private final String select;
  private final String update;
  private final String insert;

  DocumentStore(JdbcClient jdbc, String table) {
    this.jdbc = jdbc;
    this.select = "select info from " + table + " where id = ?";
    this.update = "update " + table + " set info = ? where id = ?";
    this.insert = "insert into " + table + " (id, info) values (?, ?) on conflict do nothing";
  }

  Optional<String> find(String id) {
    return jdbc.sql(select).param(id).query(String.class).optional();
  }

  /// Writes over the document of this id, or writes the first. H2 has no `on conflict do update`
  /// and PostgreSQL below 15 no `merge`; update, then insert, is what all of them have. Of two
  /// first writers one inserts, and the other finds that row with its second update; rows are never
  /// deleted, so there is no third round.
  void put(String id, String info) {
    if (!update(id, info) && !insert(id, info) && !update(id, info)) {
      throw new IllegalStateException("Document " + id + " came and went during one write");
    }
  }

  /// Writes the first document of this id. False: there is one, and it stays.
  boolean insert(String id, String info) {
    return jdbc.sql(insert).params(id, info).update() == 1;
  }

  /// Writes over the document of this id. False: there is none.
  boolean update(String id, String info) {
    return jdbc.sql(update).params(info, id).update() == 1;
  }
}
