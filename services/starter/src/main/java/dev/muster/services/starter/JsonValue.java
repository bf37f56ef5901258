package dev.muster.services.starter;

/// A JSON value as it was written.
///
/// @param kind what it is, as far as anyone here asks
/// @param json its text, character by character: no digit, order, duplicate or escape is lost
/// @param text the characters of a string, and of anything else its JSON text
record JsonValue(Kind kind, String json, String text) {
  enum Kind {
    STRING,
    INTEGER,
    OTHER
  }
}
