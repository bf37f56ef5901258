package dev.muster.consensus;

import java.util.function.Supplier;

/// A condition that holds unless the program is wrong. Always checked; a broken one stops the
/// node.
public final class Invariant {

  private Invariant() {}

  /// Throws if `holds` is false.
  ///
  /// @param message what does not hold, with the values
  public static void check(boolean holds, Supplier<String> message) {
    if (!holds) {
      throw new Broken(message.get());
    }
  }

  /// A broken invariant. Nothing that follows from this node's state can be trusted.
  public static final class Broken extends RuntimeException {
    Broken(String message) {
      super(message);
    }
  }
}
