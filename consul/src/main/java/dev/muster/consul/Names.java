package dev.muster.consul;

/// What a name in a request may be.
final class Names {
  private static final int CHARACTERS_MAX = 512;

  private Names() {}

  /// @throws Refusal if it is too long or has control characters, which would end up in logs, DNS
  ///     and keys
  static String checked(String what, String name) {
    return checked(what, name, CHARACTERS_MAX);
  }

  static String checked(String what, String name, int charactersMax) {
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
