package dev.muster.cli.lock;

import java.util.Base64;
import tools.jackson.databind.JsonNode;

/// A key as the protocols see it.
///
/// @param flags 64 bits without a sign
/// @param session who holds the lock on it; empty if nobody does
/// @param modifyIndex 0 if there is no such key
@SuppressWarnings("ArrayRecordComponent") // never compared
record Entry(String key, long flags, String session, long modifyIndex, byte[] value) {

  static Entry of(JsonNode json) {
    return new Entry(
        json.path("Key").asString(""),
        Long.parseUnsignedLong(json.path("Flags").asString("0")),
        json.path("Session").asString(""),
        json.path("ModifyIndex").asLong(0),
        Base64.getDecoder().decode(json.path("Value").asString("")));
  }

  boolean isHeld() {
    return !session.isEmpty();
  }
}
