package dev.muster.health.probe;

/// What an exception says to people.
final class Reasons {
  private Reasons() {}

  static String of(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  /// The failure of an exchange: if the time is over, that is why, whatever it looked like.
  static String of(Throwable e, Deadline deadline) {
    return deadline.isOver() ? "context deadline exceeded" : of(e);
  }
}
