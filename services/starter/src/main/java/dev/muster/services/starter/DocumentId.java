package dev.muster.services.starter;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/// The id of a document.
///
/// @param text what it is stored and addressed by
/// @param json what an answer echoes: a string, or the integer as it was posted
record DocumentId(String text, String json) {
  /// What an id must be, for people.
  static final String RULE =
      "must be a string of 1 to 128 characters out of A-Z a-z 0-9 . _ ~ - (but not . or ..), or an"
          + " integer";

  /// The dot segments are left out because no URL can address them: clients and servers resolve
  /// them (RFC 3986, 5.2.4).
  private static final Pattern VALID = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._~-]{1,128}");

  private static final int INTEGER_LENGTH_MAX = 128;

  /// The id in a path; empty if it is none.
  static Optional<DocumentId> ofText(String text) {
    return VALID.matcher(text).matches()
        ? Optional.of(new DocumentId(text, '"' + text + '"'))
        : Optional.empty();
  }

  /// The id in a body; empty if it is none.
  static Optional<DocumentId> ofValue(JsonValue value) {
    return switch (value.kind()) {
      case STRING -> ofText(value.text());
      case INTEGER ->
          value.json().length() <= INTEGER_LENGTH_MAX
              ? Optional.of(new DocumentId(new BigInteger(value.json()).toString(), value.json()))
              : Optional.empty();
      case OTHER -> Optional.empty();
    };
  }
}
