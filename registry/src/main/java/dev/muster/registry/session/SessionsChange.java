package dev.muster.registry.session;

import dev.muster.registry.tree.CompositeKey;
import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.Step;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedCollection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One step from a state of the sessions to the next. Owned by the thread that applies the log.
public final class SessionsChange {
  private final Step step;

  /// Nobody watches delays, nor what sessions hang on.
  private final Step unwatched = Step.unwatched(0);

  private RadixTree<Session> byId;
  private RadixTree<Session> byNode;
  private RadixTree<Session> byCheck;
  private RadixTree<LockDelay> lockDelays;
  private long sessionsIndex;
  private long keeper;

  private final LinkedHashSet<String> touched = new LinkedHashSet<>();
  private final LinkedHashSet<String> delayed = new LinkedHashSet<>();

  public SessionsChange(Sessions from, Step step) {
    this.step = step;
    take(from);
  }

  /// A moment of a change, to which it can go back.
  public record Mark(Sessions sessions, int touched, int delayed) {}

  public Mark mark() {
    return new Mark(sessions(), touched.size(), delayed.size());
  }

  /// Forgets what was changed since, and that there was anything to hear of.
  public void rollBack(Mark mark) {
    take(mark.sessions());
    shorten(touched, mark.touched());
    shorten(delayed, mark.delayed());
  }

  private static void shorten(SequencedCollection<String> heard, int size) {
    while (heard.size() > size) {
      heard.removeLast();
    }
  }

  private void take(Sessions from) {
    byId = from.byId();
    byNode = from.byNode();
    byCheck = from.byCheck();
    lockDelays = from.lockDelays();
    sessionsIndex = from.marks().sessions();
    keeper = from.marks().keeper();
  }

  public Sessions sessions() {
    return new Sessions(
        new Sessions.Marks(sessionsIndex, keeper), byId, byNode, byCheck, lockDelays);
  }

  /// The ids of sessions that were made or ended.
  public Set<String> touchedSessions() {
    return touched;
  }

  /// Keys whose lock-delay began.
  public Set<String> delayedKeys() {
    return delayed;
  }

  public @Nullable Session get(String id) {
    return byId.get(CompositeKey.of(id));
  }

  public List<Session> on(String node) {
    return byNode.under(CompositeKey.of(node));
  }

  public List<Session> hangingOn(String node, String check) {
    return byCheck.under(CompositeKey.of(node, check));
  }

  /// Adds a session whose id is new.
  public void add(Session session) {
    load(session.at(step.index()));
    sessionsIndex = step.index();
    touched.add(session.id());
  }

  /// Removes a session that exists. Its keys are the caller's to free.
  public void remove(Session session) {
    String node = session.definition().node();
    byId = byId.remove(CompositeKey.of(session.id()), step);
    byNode = byNode.remove(CompositeKey.of(node, session.id()), step);
    for (String check : session.checks()) {
      byCheck = byCheck.remove(CompositeKey.of(node, check, session.id()), unwatched);
    }
    sessionsIndex = step.index();
    touched.add(session.id());
  }

  public long keeper() {
    return keeper;
  }

  public void keepBy(long newKeeper) {
    keeper = newKeeper;
  }

  public @Nullable LockDelay lockDelay(String key) {
    return lockDelays.get(key);
  }

  public void begin(LockDelay delay) {
    load(delay);
    delayed.add(delay.key());
  }

  public void endDelay(String key) {
    lockDelays = lockDelays.remove(key, unwatched);
  }

  /// Ends all delays that began at that index or before.
  public void endDelays(long upToIndex) {
    for (LockDelay delay : lockDelays.under("")) {
      if (delay.index() <= upToIndex) {
        endDelay(delay.key());
      }
    }
  }

  /// Takes a session from a snapshot, as it is.
  public void load(Session session) {
    String node = session.definition().node();
    byId = byId.put(CompositeKey.of(session.id()), session, step);
    byNode = byNode.put(CompositeKey.of(node, session.id()), session, step);
    for (String check : session.checks()) {
      byCheck = byCheck.put(CompositeKey.of(node, check, session.id()), session, unwatched);
    }
  }

  /// Takes a delay from a snapshot, as it is.
  public void load(LockDelay delay) {
    lockDelays = lockDelays.put(delay.key(), delay, unwatched);
  }
}
