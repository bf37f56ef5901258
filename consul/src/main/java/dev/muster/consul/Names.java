package dev.muster.consul;

/// What a name in a request may be.
final class Names {
  private static final int CHARACTERS_MAX = 512;

  private Names() {}

  /// @throws Refusal if it is too long or has control characters, which would end up in logs, DNS
  ///     and keys
  static String checked(String what, String name) {
    if (name.length() > CHARACTERS_MAX) {
      throw new Refusal(
          400, "Invalid %s: longer than %d characters".formatted(what, CHARACTERS_MAX));
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
