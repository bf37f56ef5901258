package dev.muster.registry.keys;

import dev.muster.registry.tree.Found;
import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.WatchSet;
import java.util.List;
import java.util.Optional;

/// All keys at one moment. Immutable, free to read from any thread.
///
/// The trees are for snapshots and for [KeysChange]; readers have the methods.
///
/// @param tombstones by key: the index of its deletion, so that the index of a prefix never falls
/// @param locked by session and key: the keys that sessions hold
public record Keys(
    Marks marks,
    RadixTree<KeyEntry> entries,
    RadixTree<Long> tombstones,
    RadixTree<String> locked) {

  /// When the tables last changed.
  ///
  /// @param keys the last index at which any key changed
  /// @param tombstoneFloor when tombstones were last thrown away: no prefix is older than that
  public record Marks(long keys, long tombstoneFloor) {}

  public static final Keys EMPTY = empty(new Marks(0, 0));

  /// Nothing yet, last changed then.
  public static Keys empty(Marks marks) {
    return new Keys(marks, RadixTree.empty(), RadixTree.empty(), RadixTree.empty());
  }

  /// Wakes everybody who waits for a part of it, because others take its place.
  public void abandon() {
    entries.abandon();
  }

  public Found<Optional<KeyEntry>> key(String key, WatchSet watches) {
    KeyEntry entry = entries.get(key, watches);
    return entry == null
        ? new Found<>(Optional.empty(), marks.keys(), true)
        : new Found<>(Optional.of(entry), entry.modifyIndex(), false);
  }

  /// Every key that starts with the prefix. Deletions below it count for the index.
  public Found<List<KeyEntry>> under(String prefix, WatchSet watches) {
    List<KeyEntry> found = entries.under(prefix, watches);
    if (prefix.isEmpty()) {
      return new Found<>(found, marks.keys(), found.isEmpty());
    }
    long index = 0;
    for (KeyEntry entry : found) {
      index = Math.max(index, entry.modifyIndex());
    }
    for (long deleted : tombstones.under(prefix)) {
      index = Math.max(index, deleted);
    }
    index = index == 0 ? marks.keys() : Math.max(index, marks.tombstoneFloor());
    return new Found<>(found, index, found.isEmpty());
  }
}
