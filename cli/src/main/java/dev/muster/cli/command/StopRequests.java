package dev.muster.cli.command;

/// Tells a command that whoever started it wants it to end: by Ctrl-C, or by a signal.
@FunctionalInterface
public interface StopRequests {

  /// Runs the action, once and on a thread of its own, when the command is asked to stop; at once
  /// if it already was.
  void onStop(Runnable action);
}
