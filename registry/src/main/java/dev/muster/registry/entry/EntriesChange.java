package dev.muster.registry.entry;

import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.Step;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One step from a state of the entries to the next: what does not fit the other entries is
/// refused, and what says the same as before changes nothing. Owned by the thread that applies the
/// log.
public final class EntriesChange {
  private final Step step;
  private final Map<Kind, Long> indexes = new EnumMap<>(Kind.class);
  private RadixTree<Kept> entries;

  public EntriesChange(Entries from, Step step) {
    this.step = step;
    indexes.putAll(from.indexes());
    entries = from.byKindAndName();
  }

  public Entries entries() {
    return new Entries(indexes, entries);
  }

  public @Nullable Kept get(Kind kind, String name) {
    return entries.get(Entries.key(kind, name));
  }

  /// Adds or replaces an entry.
  ///
  /// @return why not, if it contradicts others
  public Optional<String> put(ConfigEntry entry) {
    Kept present = get(entry.kind(), entry.name());
    if (present != null && present.entry().equals(entry)) {
      return Optional.empty();
    }
    long created = present == null ? step.index() : present.createIndex();
    var kept = new Kept(entry, created, step.index());
    return replace(entries.put(Entries.key(entry.kind(), entry.name()), kept, step), entry);
  }

  /// Removes an entry that exists.
  ///
  /// @return why not, if others need it
  public Optional<String> remove(ConfigEntry entry) {
    return replace(entries.remove(Entries.key(entry.kind(), entry.name()), step), entry);
  }

  private Optional<String> replace(RadixTree<Kept> changed, ConfigEntry entry) {
    try {
      new Chains(new Entries(Map.of(), changed)).check();
    } catch (InvalidEntry e) {
      return Optional.of(e.reason());
    }
    entries = changed;
    indexes.put(entry.kind(), step.index());
    return Optional.empty();
  }

  /// Takes an entry from a snapshot, as it is.
  public void load(Kept kept) {
    ConfigEntry entry = kept.entry();
    entries = entries.put(Entries.key(entry.kind(), entry.name()), kept, step);
  }
}
