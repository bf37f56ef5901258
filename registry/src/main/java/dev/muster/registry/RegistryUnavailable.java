package dev.muster.registry;

/// The registry cannot answer now. The reason says what a caller may do.
public final class RegistryUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final String explanation;

  /// What a caller may do.
  public enum Reason {
    /// Nothing happened: try again, here or at another server.
    NO_LEADER,
    /// Nothing happened: try again later.
    OVERLOADED,
    /// A write may or may not take effect: read before writing again.
    OUTCOME_UNKNOWN
  }

  RegistryUnavailable(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.explanation = message;
  }

  public Reason reason() {
    return reason;
  }

  /// A sentence for whoever asked.
  public String explanation() {
    return explanation;
  }
}
