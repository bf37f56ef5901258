package dev.muster.agent;

import dev.muster.agent.balancing.ConfigurationFile;
import dev.muster.agent.balancing.ConfigurationFile.Said;
import dev.muster.agent.balancing.Table;
import dev.muster.nginx.NginxFile;
import dev.muster.nginx.compile.Place;
import dev.muster.nginx.language.Problem;
import java.io.IOException;
import java.nio.file.Path;

/// A file in nginx's language as the balancer's table takes it.
final class NginxConfiguration {
  private NginxConfiguration() {}

  /// Serves what the file says when the call returns, and follows it.
  ///
  /// @param hostName of this machine
  /// @throws IOException with all errors, if it cannot be used
  static ConfigurationFile follow(Path file, String hostName, Table table) throws IOException {
    return ConfigurationFile.start(file, table, () -> read(file, hostName));
  }

  private static Said read(Path file, String hostName) {
    Path path = file.toAbsolutePath();
    Path parent = path.getParent();
    NginxFile read = NginxFile.read(path, Place.of(parent == null ? path : parent, hostName));
    return new Said(
        read.configuration(),
        read.errors().stream().map(Problem::text).toList(),
        read.warnings().stream().map(Problem::text).toList(),
        read.sources().stream().map(source -> Path.of(source.file())).toList());
  }
}
