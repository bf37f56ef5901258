package dev.muster.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;

/// A PostgreSQL of the demo's own, in a temporary folder, with a database for each service.
final class Database implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final Path folder;

  private Database(EmbeddedPostgres server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  /// @param home below which the server's programs are unpacked, once for all demos
  static Database start(Path home) throws IOException {
    Path folder = Files.createTempDirectory("muster-demo-");
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(binaries(home).toFile())
            .setDataDirectory(folder.resolve("data"))
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            // As a server that somebody means to keep: an acknowledged write is on the disk.
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "100")
            .start();
    var database = new Database(server, folder);
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (DemoConfig.Sample sample : DemoConfig.SAMPLES) {
        statement.execute("create database " + sample.database());
      }
    } catch (SQLException e) {
      database.close();
      throw new IOException("the databases cannot be created: " + e.getMessage(), e);
    }
    return database;
  }

  /// Not in the folder for temporary files: there, another user could put programs of his own.
  private static Path binaries(Path home) throws IOException {
    return Files.createDirectories(home.resolve(Path.of("demo", "target", "postgres")));
  }

  String url(DemoConfig.Sample sample) {
    return server.getJdbcUrl("postgres", sample.database());
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    try {
      server.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new DemoFailed("PostgreSQL in " + folder + " did not stop cleanly: " + e.getMessage());
    }
  }
}
