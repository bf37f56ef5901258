package dev.muster.registry.session;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// How the id of a session is written: a UUID.
public final class SessionId {
  private static final int LENGTH = 36;
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private SessionId() {}

  /// The id as the registry writes it.
  public static String normal(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  /// What is wrong with the id, in the words that clients know; empty if it may be one.
  public static Optional<String> fault(String id) {
    if (id.length() != LENGTH) {
      return Optional.of("failed session lookup: index error: UUID must be 36 characters");
    }
    return UUID.matcher(normal(id)).matches()
        ? Optional.empty()
        : Optional.of(
            "failed session lookup: index error: Invalid UUID: only hexadecimal digits in groups"
                + " of 8-4-4-4-12 make one");
  }
}
