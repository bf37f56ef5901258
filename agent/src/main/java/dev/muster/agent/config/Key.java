package dev.muster.agent.config;

/// A key of the configuration: a line of the table.
///
/// @param name with its groups, `ports.http`
/// @param flag with its dash; empty if no flag stands for it
/// @param normal what holds if it is not given; in parentheses: in words
/// @param text what it is; or why it has no effect, or is refused; or the key that took its place
public record Key(String name, Kind kind, String flag, String normal, Effect effect, String text) {

  /// What giving the key does.
  public enum Effect {
    /// It is obeyed, from the start on.
    YES,
    /// It is obeyed, and a reload takes it over.
    RELOAD,
    /// Accepted; answered with a warning unless it says what holds anyway.
    NO,
    /// Refused unless it says what holds anyway.
    NEVER,
    /// Another key took its place.
    OLD
  }

  /// Whether the normal value is one, and no description.
  boolean hasNormal() {
    return !normal.isEmpty() && !normal.startsWith("(");
  }
}
