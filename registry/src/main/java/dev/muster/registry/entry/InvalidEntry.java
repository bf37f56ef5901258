package dev.muster.registry.entry;

/// An entry that can mean nothing. The message says why, for its author.
public final class InvalidEntry extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  public InvalidEntry(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }

  /// Throws unless it holds. The annotation for formats is in a library that nothing else needs.
  @SuppressWarnings("AnnotateFormatMethod")
  static void unless(boolean holds, String reason, Object... values) throws InvalidEntry {
    if (!holds) {
      throw new InvalidEntry(values.length == 0 ? reason : reason.formatted(values));
    }
  }
}
