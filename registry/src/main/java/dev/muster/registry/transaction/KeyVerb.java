package dev.muster.registry.transaction;

import java.util.Locale;
import java.util.Optional;

/// What a transaction can do with a key.
public enum KeyVerb {
  SET,
  CAS,
  LOCK,
  UNLOCK,
  GET,
  GET_OR_EMPTY,
  GET_TREE,
  CHECK_INDEX,
  CHECK_SESSION,
  CHECK_NOT_EXISTS,
  DELETE,
  DELETE_TREE,
  DELETE_CAS;

  /// The word Consul uses.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<KeyVerb> of(String word) {
    for (KeyVerb verb : values()) {
      if (verb.word().equals(word)) {
        return Optional.of(verb);
      }
    }
    return Optional.empty();
  }

  public boolean isWrite() {
    return switch (this) {
      case SET, CAS, LOCK, UNLOCK, DELETE, DELETE_TREE, DELETE_CAS -> true;
      case GET, GET_OR_EMPTY, GET_TREE, CHECK_INDEX, CHECK_SESSION, CHECK_NOT_EXISTS -> false;
    };
  }
}
