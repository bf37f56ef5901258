package dev.muster.consul.form;

import java.util.Map;
import java.util.regex.Pattern;

/// What the metadata of a service or of a node may be.
public final class Meta {
  private static final int PAIRS_MAX = 64;
  private static final int KEY_MAX = 128;
  private static final int VALUE_MAX = 512;
  private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9_-]+");

  private Meta() {}

  /// The pairs, if they may be metadata.
  ///
  /// @param what what they are called in a refusal
  /// @throws Refusal if there are too many, or one is too long or badly named
  public static Map<String, String> checked(String what, Map<String, String> meta) {
    if (meta.size() > PAIRS_MAX) {
      throw new Refusal(
          400,
          "Invalid %s: Node metadata cannot contain more than %d key/value pairs"
              .formatted(what, PAIRS_MAX));
    }
    meta.forEach(
        (key, value) -> {
          if (!KEY.matcher(key).matches() || key.length() > KEY_MAX || value.length() > VALUE_MAX) {
            throw new Refusal(
                400,
                ("Invalid %s: key \"%s\": keys are 1-%d of [a-zA-Z0-9_-], values at most %d"
                        + " characters")
                    .formatted(what, key, KEY_MAX, VALUE_MAX));
          }
        });
    return meta;
  }
}
