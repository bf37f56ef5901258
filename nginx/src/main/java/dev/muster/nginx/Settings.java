package dev.muster.nginx;

import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What a configuration says of the program that runs it, for whoever starts one. Paths are as they
/// were written.
///
/// @param isDaemon whether it should leave the terminal, nginx's own default
/// @param pidFile where to write the process' number
/// @param workers event loops wanted; empty for one per processor
/// @param connections that each worker takes
/// @param errorLogs `error_log` at the top level, in order
/// @param shutdownTimeout how long requests may take to finish when it stops
public record Settings(
    boolean isDaemon,
    Optional<String> pidFile,
    OptionalInt workers,
    OptionalInt connections,
    List<ErrorLog> errorLogs,
    Optional<Duration> shutdownTimeout) {
  /// Where messages go.
  ///
  /// @param path of the file, or `stderr`
  /// @param level the least urgent that is written, `debug` to `emerg`
  public record ErrorLog(String path, String level) {}

  /// Copies what it is given.
  public Settings {
    errorLogs = List.copyOf(errorLogs);
  }

  /// Reads the top level; the last word on a matter counts.
  static Settings of(List<Directive> directives) {
    boolean isDaemon = true;
    Optional<String> pidFile = Optional.empty();
    OptionalInt workers = OptionalInt.empty();
    OptionalInt connections = OptionalInt.empty();
    List<ErrorLog> errorLogs = new ArrayList<>();
    Optional<Duration> shutdownTimeout = Optional.empty();
    for (Directive directive : directives) {
      String word = directive.size() == 0 ? "" : directive.word(0);
      switch (directive.name()) {
        case "daemon" -> isDaemon = Quantity.onOff(word).orElse(true);
        case "pid" -> pidFile = Optional.of(word);
        case "worker_processes" -> workers = Quantity.number(word);
        case "error_log" ->
            errorLogs.add(new ErrorLog(word, directive.size() > 1 ? directive.word(1) : "error"));
        case "worker_shutdown_timeout" -> shutdownTimeout = Quantity.time(word);
        case "events" -> connections = connections(directive.inside());
        default -> {}
      }
    }
    return new Settings(isDaemon, pidFile, workers, connections, errorLogs, shutdownTimeout);
  }

  private static OptionalInt connections(List<Directive> events) {
    for (Directive directive : events) {
      if (directive.name().equals("worker_connections") && directive.size() == 1) {
        return Quantity.number(directive.word(0));
      }
    }
    return OptionalInt.empty();
  }
}
