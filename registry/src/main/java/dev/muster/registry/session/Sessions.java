package dev.muster.registry.session;

import dev.muster.registry.tree.CompositeKey;
import dev.muster.registry.tree.Found;
import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.WatchSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// All sessions and lock-delays at one moment. Immutable, free to read from any thread. Lists are
/// in the order of creation. Which keys a session holds, the keys say.
///
/// The trees are for snapshots and for [SessionsChange]; readers have the methods.
///
/// @param byNode by node and id
/// @param byCheck by node, check and id
/// @param lockDelays by key
public record Sessions(
    Marks marks,
    RadixTree<Session> byId,
    RadixTree<Session> byNode,
    RadixTree<Session> byCheck,
    RadixTree<LockDelay> lockDelays) {

  /// What is known beside the sessions themselves.
  ///
  /// @param sessions the last index at which any session was made or ended
  /// @param keeper the mark of the server that counts the time of sessions; 0: none yet
  public record Marks(long sessions, long keeper) {}

  public static final Sessions EMPTY = empty(new Marks(0, 0));

  /// Nothing yet, last changed then.
  public static Sessions empty(Marks marks) {
    return new Sessions(
        marks, RadixTree.empty(), RadixTree.empty(), RadixTree.empty(), RadixTree.empty());
  }

  /// Wakes everybody who waits for a part of it, because others take its place.
  public void abandon() {
    byId.abandon();
    byNode.abandon();
  }

  /// The index of a session that exists is its own; of one that does not, that of the table.
  public Found<Optional<Session>> session(String id, WatchSet watches) {
    Session session = byId.get(CompositeKey.of(id), watches);
    return session == null
        ? new Found<>(Optional.empty(), marks.sessions(), true)
        : new Found<>(Optional.of(session), session.modifyIndex(), false);
  }

  public Optional<Session> session(String id) {
    return Optional.ofNullable(byId.get(CompositeKey.of(id)));
  }

  public Found<List<Session>> all(WatchSet watches) {
    return found(byId.under("", watches));
  }

  public Found<List<Session>> on(String node, WatchSet watches) {
    return found(byNode.under(CompositeKey.of(node), watches));
  }

  private Found<List<Session>> found(List<Session> sessions) {
    List<Session> sorted = new ArrayList<>(sessions);
    sorted.sort(Comparator.comparingLong(Session::createIndex));
    return new Found<>(sorted, marks.sessions(), sorted.isEmpty());
  }

  /// The delay that keeps the key from being locked, unless it has passed.
  public Optional<LockDelay> lockDelay(String key) {
    return Optional.ofNullable(lockDelays.get(key));
  }
}
