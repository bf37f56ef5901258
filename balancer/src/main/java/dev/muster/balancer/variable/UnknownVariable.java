package dev.muster.balancer.variable;

/// A text names a variable that does not exist, or is malformed; the message says which.
public final class UnknownVariable extends Exception {
  private static final long serialVersionUID = 1L;

  /// One with a sentence in nginx's words.
  public UnknownVariable(String message) {
    super(message);
  }
}
