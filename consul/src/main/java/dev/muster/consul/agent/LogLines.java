package dev.muster.consul.agent;

import java.util.Optional;

/// The program's log, for those who follow it from afar. Thread-safe.
@FunctionalInterface
public interface LogLines {
  /// Hears every line from now on that is as important as `level`, or more, also where the log
  /// itself leaves it out. Empty if too many follow already.
  Optional<Following> follow(Severity level, boolean asJson);

  /// From chatty to important.
  enum Severity {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /// Somebody who follows. Keeps a bounded number of lines for a reader that is slow; how many were
  /// dropped is a line, too.
  interface Following extends AutoCloseable {
    /// The next line, which ends in a line feed. Blocks until there is one.
    String next() throws InterruptedException;

    @Override
    void close();
  }
}
