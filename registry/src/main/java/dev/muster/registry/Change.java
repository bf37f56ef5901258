package dev.muster.registry;

import dev.muster.registry.catalog.CatalogChange;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.keys.KeysChange;
import dev.muster.registry.session.SessionsChange;
import dev.muster.registry.tree.Step;
import java.util.Set;

/// One step from a state of the tables to the next: applies commands. Owned by the thread that
/// applies the log; a pure function of the state and the commands.
final class Change {
  private final Step step;
  private final CatalogChange catalog;
  private final KeysChange keys;
  private final SessionsChange sessions;
  private final KeyWrites writes;
  private final SessionEnds ends;

  Change(Tables from) {
    step = new Step(from.index());
    catalog = new CatalogChange(from.catalog(), step);
    keys = new KeysChange(from.keys(), step);
    sessions = new SessionsChange(from.sessions(), step);
    writes = new KeyWrites(step, keys, sessions);
    ends = new SessionEnds(step, catalog, keys, sessions);
  }

  Tables tables() {
    return new Tables(step.index(), catalog.catalog(), keys.keys(), sessions.sessions());
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
    int mark = step.mark();
    var attempt = new Attempt(catalog, keys, writes, ends);
    attempt.run(transaction.operations());
    if (attempt.failures().isEmpty()) {
      return new Reply.Results(step.index(), attempt.results());
    }
    catalog.restore(before.catalog());
    keys.restore(before.keys());
    sessions.restore(before.sessions());
    step.rollBack(mark);
    return new Reply.Failed(attempt.failures());
  }
}
