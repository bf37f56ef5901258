package dev.muster.registry.keys;

import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One step from a state of the keys to the next. Owned by the thread that applies the log.
public final class KeysChange {
  /// Beyond this many, tombstones are thrown away together and every prefix counts as changed.
  private static final int TOMBSTONES_MAX = 16_384;

  private final Step step;

  /// Nobody watches tombstones: what they replace wakes nobody.
  private final Step unwatched = Step.unwatched(0);

  private RadixTree<KeyEntry> entries;
  private RadixTree<Long> tombstones;
  private long keysIndex;
  private long tombstoneFloor;

  public KeysChange(Keys from, Step step) {
    this.step = step;
    entries = from.entries();
    tombstones = from.tombstones();
    keysIndex = from.marks().keys();
    tombstoneFloor = from.marks().tombstoneFloor();
  }

  public Keys keys() {
    return new Keys(new Keys.Marks(keysIndex, tombstoneFloor), entries, tombstones);
  }

  public @Nullable KeyEntry get(String key) {
    return entries.get(key);
  }

  public List<KeyEntry> under(String prefix) {
    return entries.under(prefix);
  }

  /// Stores the entry, whose `modifyIndex` is this step's.
  public void put(KeyEntry entry) {
    entries = entries.put(entry.key(), entry, step);
    keysIndex = step.index();
  }

  /// Removes an entry that exists.
  public void remove(KeyEntry entry) {
    entries = entries.remove(entry.key(), step);
    keysIndex = step.index();
    if (tombstones.size() >= TOMBSTONES_MAX) {
      tombstones = RadixTree.empty();
      tombstoneFloor = step.index();
    }
    loadTombstone(entry.key(), step.index());
  }

  /// Takes an entry from a snapshot, as it is.
  public void load(KeyEntry entry) {
    entries = entries.put(entry.key(), entry, step);
  }

  /// Takes the index of a deletion from a snapshot.
  public void loadTombstone(String key, long index) {
    tombstones = tombstones.put(key, index, unwatched);
  }
}
