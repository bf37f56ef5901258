package dev.muster.registry.event;

import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.WatchSet;
import java.util.List;

/// The latest events at one moment. Immutable, free to read from any thread.
///
/// The tree is for snapshots and for [EventsChange]; readers have the methods.
///
/// @param time of the last event ever fired
/// @param kept by time
public record Events(long time, RadixTree<Event> kept) {
  /// As many are kept, and no more.
  public static final int KEPT_MAX = 256;

  public static final Events EMPTY = empty(0);

  /// None is kept, though some were fired until then.
  public static Events empty(long time) {
    return new Events(time, RadixTree.empty());
  }

  /// Those that are kept, the oldest first.
  public List<Event> latest(WatchSet watches) {
    return kept.under("", watches);
  }

  /// Wakes everybody who waits for a part of it, because others take its place.
  public void abandon() {
    kept.abandon();
  }
}
