package dev.muster.registry.transaction;

import java.util.Locale;
import java.util.Optional;

/// What a transaction can do with a node, a service or a check.
public enum EntryVerb {
  SET,
  CAS,
  GET,
  DELETE,
  DELETE_CAS;

  /// The word Consul uses.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<EntryVerb> of(String word) {
    for (EntryVerb verb : values()) {
      if (verb.word().equals(word)) {
        return Optional.of(verb);
      }
    }
    return Optional.empty();
  }

  /// Whether it takes effect only at a certain index.
  public boolean compares() {
    return this == CAS || this == DELETE_CAS;
  }
}
