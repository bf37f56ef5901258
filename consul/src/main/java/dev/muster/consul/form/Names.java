package dev.muster.consul.form;

import java.util.Map;

/// What a name in a request may be.
public final class Names {
  private static final int CHARACTERS_MAX = 512;

  private Names() {}

  /// The name, if it may be one.
  ///
  /// @throws Refusal if it is too long or has control characters, which would end up in logs, DNS
  ///     and keys
  public static String checked(String what, String name) {
    return checked(what, name, CHARACTERS_MAX);
  }

  /// The pairs, if both halves of each may be names.
  public static Map<String, String> checked(String what, Map<String, String> pairs) {
    pairs.forEach(
        (key, value) -> {
          checked(what, key);
          checked(what, value);
        });
    return pairs;
  }

  public static String checked(String what, String name, int charactersMax) {
    if (name.length() > charactersMax) {
      throw new Refusal(
          400, "Invalid %s: longer than %d characters".formatted(what, charactersMax));
    }
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i))) {
        throw new Refusal(
            400, "Invalid %s: control character at position %d".formatted(what, i + 1));
      }
    }
    return name;
  }
}
