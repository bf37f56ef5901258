package dev.muster.registry.query;

/// A template that can never be used. The message says why.
final class InvalidTemplate extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  InvalidTemplate(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
