package dev.muster.registry;

import dev.muster.registry.catalog.CatalogChange;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.keys.KeysChange;
import dev.muster.registry.query.QueriesChange;
import dev.muster.registry.session.LockDelay;
import dev.muster.registry.session.Session;
import dev.muster.registry.session.SessionsChange;
import dev.muster.registry.tree.Step;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Begins and ends sessions. What a session holds is freed by the command that ends it, and it ends
/// by the command that takes from it what it hangs on.
final class SessionEnds {
  private final Step step;
  private final CatalogChange catalog;
  private final KeysChange keys;
  private final SessionsChange sessions;
  private final QueriesChange queries;

  SessionEnds(
      Step step,
      CatalogChange catalog,
      KeysChange keys,
      SessionsChange sessions,
      QueriesChange queries) {
    this.step = step;
    this.catalog = catalog;
    this.keys = keys;
    this.sessions = sessions;
    this.queries = queries;
  }

  Reply create(Session session) {
    String node = session.definition().node();
    if (catalog.node(node) == null) {
      return new Reply.Refused("Missing node registration");
    }
    for (String id : session.checks()) {
      Check check = catalog.check(node, id);
      if (check == null) {
        return new Reply.Refused("Missing check '" + id + "' registration");
      }
      if (check.status() == Check.Status.CRITICAL) {
        return new Reply.Refused("Check '" + id + "' is in critical state");
      }
    }
    if (sessions.get(session.id()) != null) {
      return new Reply.Refused("session \"" + session.id() + "\" exists already");
    }
    sessions.add(session);
    return new Reply.Done(step.index());
  }

  Reply expire(Command.ExpireSessions expired) {
    if (expired.keeper() != sessions.keeper()) {
      return new Reply.Unmet();
    }
    expired.ids().forEach(this::destroy);
    return new Reply.Done(step.index());
  }

  /// A session that does not exist has ended already.
  void destroy(String id) {
    end(sessions.get(id));
  }

  /// Ends the sessions that lost what they hang on by what was done since this was called last.
  void settle() {
    for (CheckRef ref : catalog.takeFailedChecks()) {
      Check check = catalog.check(ref.node(), ref.id());
      if (check == null || check.status() == Check.Status.CRITICAL) {
        sessions.hangingOn(ref.node(), ref.id()).forEach(this::end);
      }
    }
    for (String node : catalog.takeRemovedNodes()) {
      if (catalog.node(node) == null) {
        sessions.on(node).forEach(this::end);
      }
    }
  }

  private void end(@Nullable Session session) {
    if (session == null) {
      return;
    }
    sessions.remove(session);
    queries.removeBoundTo(session.id());
    for (String key : keys.heldBy(session.id())) {
      KeyEntry entry = keys.get(key);
      if (entry == null) {
        throw new IllegalStateException(
            "session %s holds \"%s\", which does not exist".formatted(session.id(), key));
      }
      free(entry, session.definition());
    }
  }

  private void free(KeyEntry entry, Session.Definition holder) {
    switch (holder.behavior()) {
      case DELETE -> keys.remove(entry);
      case RELEASE ->
          keys.put(
              new KeyEntry(
                  entry.key(),
                  entry.value(),
                  entry.flags(),
                  entry.lockIndex(),
                  "",
                  entry.createIndex(),
                  step.index()));
    }
    Duration wanted = holder.lockDelay();
    if (wanted.isPositive()) {
      boolean isTooLong = wanted.compareTo(Session.LOCK_DELAY_MAX) > 0;
      Duration length = isTooLong ? Session.LOCK_DELAY_MAX : wanted;
      sessions.begin(new LockDelay(entry.key(), step.index(), length));
    }
  }
}
