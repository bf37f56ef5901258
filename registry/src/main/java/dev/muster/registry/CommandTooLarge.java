package dev.muster.registry;

/// The command is larger than the log takes at once. Nothing happened.
public final class CommandTooLarge extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String explanation;

  CommandTooLarge(int bytes, int bytesMax) {
    this(
        "this write takes %d bytes in the log, at most %d fit: divide it into several"
            .formatted(bytes, bytesMax));
  }

  private CommandTooLarge(String explanation) {
    super(explanation);
    this.explanation = explanation;
  }

  /// A sentence for whoever asked.
  public String explanation() {
    return explanation;
  }
}
