package dev.muster.consul.config;

import dev.muster.consul.form.Refusal;
import dev.muster.registry.entry.ConfigEntry;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Configuration entries as some registry's API shows them.
public final class EntryReading {
  private EntryReading() {}

  /// The entry; empty if it is of a kind or form that means nothing here. Members that are not
  /// known are passed over: another version's, or indexes.
  public static Optional<ConfigEntry> of(JsonNode shown) {
    try {
      return Optional.of(EntryForm.readShown(shown).normalized());
    } catch (Refusal e) {
      return Optional.empty();
    }
  }
}
