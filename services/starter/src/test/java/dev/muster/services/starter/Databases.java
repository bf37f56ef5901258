package dev.muster.services.starter;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.UUID;

/// Empty databases for tests. PostgreSQL is one real server for all tests of a module, ended with
/// their JVM.
public final class Databases {
  private static final String OPTIONS = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";

  private Databases() {}

  /// The URL of a new H2 database in memory.
  public static String h2() {
    return "jdbc:h2:mem:" + UUID.randomUUID() + OPTIONS;
  }

  /// The URL of a new PostgreSQL database, user and all.
  public static String postgres() {
    String name = "db" + UUID.randomUUID().toString().replace("-", "");
    try (var connection = Postgres.SERVER.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return Postgres.SERVER.getJdbcUrl("postgres", name);
  }

  /// The port of the PostgreSQL server.
  public static int postgresPort() {
    return Postgres.SERVER.getPort();
  }

  private static final class Postgres {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres server = EmbeddedPostgres.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void stop(EmbeddedPostgres server) {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
