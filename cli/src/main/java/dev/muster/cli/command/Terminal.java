package dev.muster.cli.command;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/// What surrounds a command: the streams it talks through, the environment, who asks it to stop.
///
/// @param name what the program was called by: `muster`, or `consul` through a symbolic link
/// @param environment the variables it was started with
/// @param stopRequests tells when the person who started it wants it to end
public record Terminal(
    String name,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    StopRequests stopRequests) {
  /// The exit code of a command that did what it was asked.
  public static final int OK = 0;

  /// The exit code of a command that did not, or was asked for nonsense.
  public static final int FAILED = 1;

  public Terminal {
    environment = Map.copyOf(environment);
  }

  /// A variable of the environment; empty if it is not set.
  public String variable(String variable) {
    return environment.getOrDefault(variable, "");
  }

  /// Prints a line for people who read results.
  public void print(String line) {
    out.println(line);
  }
}
