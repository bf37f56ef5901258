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

  static Database start() throws IOException {
    Path folder = Files.createTempDirectory("muster-demo-");
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(binaries().toFile())
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

  /// Where the server's programs are unpacked, once for all demos of this user.
  private static Path binaries() throws IOException {
    String user = ProcessHandle.current().info().user().orElse("user");
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "muster-postgres-" + user);
    return Files.createDirectories(folder);
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
