package dev.muster.cli.nginx;

import dev.muster.nginx.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where nginx's files are. Without flags they are where distributions keep them, if there is a
/// configuration there, else below `/usr/local/nginx`.
///
/// @param prefix of logs and files that are served
/// @param file the configuration
/// @param errorLog where messages go that come before the configuration is read
/// @param pidFile the number of the process, unless the configuration says where
record Layout(Path prefix, Path file, Path errorLog, Path pidFile) {
  private static final Path DISTRIBUTION = Path.of("/etc/nginx");
  private static final Path BUILT_BY_HAND = Path.of("/usr/local/nginx");

  static Layout of(Invocation invocation) {
    boolean isDistribution =
        invocation.prefix().isEmpty() && Files.exists(DISTRIBUTION.resolve("nginx.conf"));
    Path prefix =
        invocation
            .prefix()
            .map(given -> Path.of(given).toAbsolutePath().normalize())
            .orElse(isDistribution ? DISTRIBUTION : BUILT_BY_HAND);
    String file = isDistribution ? "nginx.conf" : "conf/nginx.conf";
    String errorLog = isDistribution ? "/var/log/nginx/error.log" : "logs/error.log";
    String pidFile = isDistribution ? "/run/nginx.pid" : "logs/nginx.pid";
    return new Layout(
        prefix,
        prefix.resolve(invocation.file().orElse(file)),
        prefix.resolve(invocation.errorLog().orElse(errorLog)),
        prefix.resolve(pidFile));
  }

  /// Where the number of the process is by a configuration.
  Path pidFile(Settings settings) {
    return settings.pidFile().map(prefix::resolve).orElse(pidFile);
  }

  /// Where the predecessor's number is while the process is replaced.
  static Path oldPidFile(Path pidFile) {
    return pidFile.resolveSibling(pidFile.getFileName() + ".oldbin");
  }

  /// Whether early messages go to the terminal only.
  boolean isErrorLogTerminal() {
    return errorLog.endsWith("stderr");
  }

  /// A path of the configuration that may be standard error.
  Optional<Path> log(String written) {
    return written.equals("stderr") ? Optional.empty() : Optional.of(prefix.resolve(written));
  }
}
