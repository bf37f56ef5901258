package dev.muster.registry;

import dev.muster.registry.autopilot.Autopilot;
import dev.muster.registry.catalog.CatalogChange;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.entry.EntriesChange;
import dev.muster.registry.entry.Kept;
import dev.muster.registry.event.EventsChange;
import dev.muster.registry.keys.KeysChange;
import dev.muster.registry.query.PreparedQuery;
import dev.muster.registry.query.QueriesChange;
import dev.muster.registry.session.SessionsChange;
import dev.muster.registry.tree.Step;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/// One step from a state of the tables to the next: applies commands. Owned by the thread that
/// applies the log; a pure function of the state and the commands.
final class Change {
  private Step step;
  private CatalogChange catalog;
  private KeysChange keys;
  private SessionsChange sessions;
  private KeyWrites writes;
  private SessionEnds ends;
  private EventsChange events;
  private QueriesChange queries;
  private EntriesChange entries;
  private Autopilot autopilot;
  private Incoming incoming;
  private boolean isRestored;

  Change(Tables from) {
    begin(from, from.index());
  }

  private void begin(Tables from, long index) {
    step = new Step(index);
    catalog = new CatalogChange(from.catalog(), step);
    keys = new KeysChange(from.keys(), step);
    sessions = new SessionsChange(from.sessions(), step);
    writes = new KeyWrites(step, keys, sessions);
    events = new EventsChange(from.events(), step);
    queries = new QueriesChange(from.queries(), step);
    entries = new EntriesChange(from.entries(), step);
    autopilot = from.autopilot();
    incoming = from.incoming();
    ends = new SessionEnds(step, catalog, keys, sessions, queries);
  }

  Tables tables() {
    return new Tables(
        step.index(),
        catalog.catalog(),
        keys.keys(),
        sessions.sessions(),
        events.events(),
        queries.queries(),
        entries.entries(),
        autopilot,
        incoming);
  }

  /// Whether a saved state took the place of the one that this began with: then nothing of that is
  /// left, and everybody who waits for a part of it has to be woken.
  boolean isRestored() {
    return isRestored;
  }

  /// The names of services whose instances, checks or nodes changed.
  Set<String> touchedServices() {
    return catalog.touchedServices();
  }

  Set<CheckRef> touchedChecks() {
    return catalog.touchedChecks();
  }

  /// Checks that were registered, whether that changed them or not.
  Set<CheckRef> registeredChecks() {
    return catalog.registeredChecks();
  }

  /// The ids of sessions that were made or ended.
  Set<String> touchedSessions() {
    return sessions.touchedSessions();
  }

  /// Keys whose lock-delay began.
  Set<String> delayedKeys() {
    return sessions.delayedKeys();
  }

  /// Wakes who waited for what was replaced; to be called once the new tables are visible.
  void wake() {
    step.wake();
  }

  Reply apply(Command command) {
    step.advance();
    incoming = incoming.at(step.index());
    Reply reply = reply(command);
    ends.settle();
    return reply;
  }

  private Reply reply(Command command) {
    return switch (command) {
      case Command.Register register -> register(register);
      case Command.Deregister deregister -> deregister(deregister);
      case Command.Report report -> report(report);
      case Command.PutKey put -> writes.put(put);
      case Command.DeleteKey delete -> writes.delete(delete) ? done() : new Reply.Unmet();
      case Command.DeleteKeysUnder delete -> {
        writes.deleteUnder(delete.prefix());
        yield done();
      }
      case Command.CreateSession create -> ends.create(create.session());
      case Command.DestroySession destroy -> {
        ends.destroy(destroy.id());
        yield done();
      }
      case Command.KeepSessions keep -> {
        sessions.keepBy(keep.keeper());
        yield done();
      }
      case Command.ExpireSessions expired -> ends.expire(expired);
      case Command.EndLockDelays end -> {
        sessions.endDelays(end.upToIndex());
        yield done();
      }
      case Command.Transaction transaction -> transact(transaction);
      case Command.FireEvent fire -> fireEvent(fire);
      case Command.PutQuery put -> putQuery(put);
      case Command.DeleteQuery delete -> deleteQuery(delete);
      case Command.PutEntry put -> putEntry(put);
      case Command.DeleteEntry delete -> deleteEntry(delete);
      case Command.PutAutopilot put -> putAutopilot(put);
      case Command.RestorePart part -> restorePart(part);
      case Command.Restore restore -> restore(restore);
      case Command.AbandonRestore abandon -> {
        incoming = incoming.id().equals(abandon.id()) ? Incoming.NONE : incoming;
        yield done();
      }
    };
  }

  private Reply done() {
    return new Reply.Done(step.index());
  }

  private Reply register(Command.Register register) {
    String node = register.nodeName();
    Service service = register.service();
    if (register.node() == null && catalog.node(node) == null) {
      return new Reply.Refused("Missing node registration");
    }
    for (Check check : register.checks()) {
      boolean comesAlong = service != null && service.id().equals(check.serviceId());
      if (!check.serviceId().isEmpty()
          && !comesAlong
          && catalog.service(node, check.serviceId()) == null) {
        return new Reply.Refused("Missing service registration");
      }
    }
    if (register.node() != null) {
      catalog.put(register.node());
    }
    if (service != null) {
      catalog.put(service);
      if (register.replacesChecks()) {
        catalog.removeChecksNotIn(register.checks(), service);
      }
    }
    register.checks().forEach(catalog::put);
    return done();
  }

  private Reply deregister(Command.Deregister command) {
    String nodeName = command.nodeName();
    if (!command.ifCritical().isEmpty()) {
      Check check = catalog.check(nodeName, command.ifCritical());
      if (check == null || check.status() != Check.Status.CRITICAL) {
        return new Reply.Unmet();
      }
    }
    if (!command.serviceId().isEmpty()) {
      Service service = catalog.service(nodeName, command.serviceId());
      if (service != null) {
        catalog.remove(service);
      }
    } else if (!command.checkId().isEmpty()) {
      Check check = catalog.check(nodeName, command.checkId());
      if (check != null) {
        catalog.remove(check);
      }
    } else {
      Node node = catalog.node(nodeName);
      if (node != null) {
        catalog.remove(node);
      }
    }
    return done();
  }

  private Reply report(Command.Report report) {
    Check check = catalog.check(report.nodeName(), report.checkId());
    if (check == null) {
      return new Reply.Refused("Unknown check ID \"" + report.checkId() + "\"");
    }
    catalog.report(check, report.status(), report.output());
    return done();
  }

  private Reply transact(Command.Transaction transaction) {
    Tables before = tables();
    CatalogChange.Mark catalogBefore = catalog.mark();
    SessionsChange.Mark sessionsBefore = sessions.mark();
    int mark = step.mark();
    var attempt = new Attempt(catalog, keys, writes, ends);
    attempt.run(transaction.operations());
    if (attempt.failures().isEmpty()) {
      return new Reply.Results(step.index(), attempt.results());
    }
    catalog.rollBack(catalogBefore);
    keys.restore(before.keys());
    sessions.rollBack(sessionsBefore);
    queries.restore(before.queries());
    step.rollBack(mark);
    return new Reply.Failed(attempt.failures());
  }

  private Reply fireEvent(Command.FireEvent fire) {
    events.fire(fire.event());
    return done();
  }

  private Reply putQuery(Command.PutQuery put) {
    String session = put.query().session();
    if (put.exists() && queries.get(put.query().id()) == null) {
      return noSuchQuery(put.query().id());
    }
    if (!session.isEmpty() && sessions.get(session) == null) {
      return new Reply.Refused("invalid session \"" + session + "\"");
    }
    return doneUnless(queries.put(put.query()));
  }

  private Reply deleteQuery(Command.DeleteQuery delete) {
    PreparedQuery present = queries.get(delete.id());
    if (present == null) {
      return noSuchQuery(delete.id());
    }
    queries.remove(present);
    return done();
  }

  private static Reply noSuchQuery(String id) {
    return new Reply.Refused("Cannot modify non-existent prepared query: '" + id + "'");
  }

  private Reply putEntry(Command.PutEntry put) {
    Kept present = entries.get(put.entry().kind(), put.entry().name());
    if (put.cas() != null && put.cas() != (present == null ? 0 : present.modifyIndex())) {
      return new Reply.Unmet();
    }
    return doneUnless(entries.put(put.entry()));
  }

  private Reply deleteEntry(Command.DeleteEntry delete) {
    Kept present = entries.get(delete.kind(), delete.name());
    if (delete.cas() != null && (present == null || delete.cas() != present.modifyIndex())) {
      return new Reply.Unmet();
    }
    return present == null ? done() : doneUnless(entries.remove(present.entry()));
  }

  private Reply putAutopilot(Command.PutAutopilot put) {
    if (put.cas() != null && put.cas() != autopilot.modifyIndex()) {
      return new Reply.Unmet();
    }
    long created = autopilot.createIndex() == 0 ? step.index() : autopilot.createIndex();
    autopilot = put.autopilot().at(created, step.index());
    return done();
  }

  private Reply restorePart(Command.RestorePart part) {
    Optional<Incoming> more = incoming.with(part.id(), part.number(), part.bytes(), step.index());
    if (more.isEmpty()) {
      return new Reply.Refused("another restore came in between; try again");
    }
    incoming = more.get();
    return done();
  }

  private Reply restore(Command.Restore restore) {
    if (!incoming.id().equals(restore.id()) || incoming.parts().size() != restore.parts()) {
      return new Reply.Refused("another restore came in between; try again");
    }
    try (InputStream in =
        new BoundedInput(new GZIPInputStream(incoming.open()), Incoming.UNPACKED_BYTES_MAX)) {
      Tables saved = Format.readSent(in);
      begin(saved, Math.max(step.index(), saved.index()));
      isRestored = true;
    } catch (IOException e) {
      return new Reply.Refused("failed to restore snapshot: " + e.getMessage());
    } finally {
      incoming = Incoming.NONE;
    }
    return done();
  }

  private Reply doneUnless(Optional<String> refusal) {
    return refusal.<Reply>map(Reply.Refused::new).orElseGet(this::done);
  }
}
