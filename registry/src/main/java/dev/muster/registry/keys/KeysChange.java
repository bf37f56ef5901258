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

  /// Nobody watches tombstones, nor what sessions hold: what they replace wakes nobody.
  private final Step unwatched = Step.unwatched(0);

  private RadixTree<KeyEntry> entries;
  private RadixTree<Long> tombstones;
  private RadixTree<String> locked;
  private long keysIndex;
  private long tombstoneFloor;

  public KeysChange(Keys from, Step step) {
    this.step = step;
    restore(from);
  }

  /// Forgets what was changed.
  public void restore(Keys from) {
    entries = from.entries();
    tombstones = from.tombstones();
    locked = from.locked();
    keysIndex = from.marks().keys();
    tombstoneFloor = from.marks().tombstoneFloor();
  }

  public Keys keys() {
    var marks = new Keys.Marks(keysIndex, tombstoneFloor);
    return new Keys(marks, entries, tombstones, locked);
  }

  public @Nullable KeyEntry get(String key) {
    return entries.get(key);
  }

  public List<KeyEntry> under(String prefix) {
    return entries.under(prefix);
  }

  /// The keys that a session holds.
  public List<String> heldBy(String session) {
    return locked.under(lockKey(session, ""));
  }

  /// A key can be in any case and NUL is in none.
  private static String lockKey(String session, String key) {
    return session + '\0' + key;
  }

  /// Stores the entry, whose `modifyIndex` is this step's.
  public void put(KeyEntry entry) {
    KeyEntry present = get(entry.key());
    if (present != null) {
      unlock(present);
    }
    load(entry);
    keysIndex = step.index();
  }

  /// Removes an entry that exists.
  public void remove(KeyEntry entry) {
    unlock(entry);
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
    if (!entry.session().isEmpty()) {
      locked = locked.put(lockKey(entry.session(), entry.key()), entry.key(), unwatched);
    }
  }

  private void unlock(KeyEntry entry) {
    if (!entry.session().isEmpty()) {
      locked = locked.remove(lockKey(entry.session(), entry.key()), unwatched);
    }
  }

  /// Takes the index of a deletion from a snapshot.
  public void loadTombstone(String key, long index) {
    tombstones = tombstones.put(key, index, unwatched);
  }
}
