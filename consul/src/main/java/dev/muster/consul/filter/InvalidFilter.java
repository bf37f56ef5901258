package dev.muster.consul.filter;

/// An expression cannot be understood. The message is for whoever wrote it: what is wrong, at which
/// `line:column (offset)`, and what was expected there.
public final class InvalidFilter extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidFilter(String message) {
    super(message, null, false, false);
  }

  /// The message; never null.
  public String explanation() {
    return String.valueOf(getMessage());
  }
}
