package dev.muster.registry;

import dev.muster.registry.catalog.CatalogChange;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.keys.KeysChange;
import dev.muster.registry.tree.Step;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One step from a state of the tables to the next: applies commands. Owned by the thread that
/// applies the log; a pure function of the state and the commands.
final class Change {
  private final Step step;
  private final CatalogChange catalog;
  private final KeysChange keys;

  Change(Tables from) {
    step = new Step(from.index());
    catalog = new CatalogChange(from.catalog(), step);
    keys = new KeysChange(from.keys(), step);
  }

  Tables tables() {
    return new Tables(step.index(), catalog.catalog(), keys.keys());
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

  /// Wakes who waited for what was replaced; to be called once the new tables are visible.
  void wake() {
    step.wake();
  }

  Reply apply(Command command) {
    step.advance();
    return switch (command) {
      case Command.Register register -> register(register);
      case Command.Deregister deregister -> deregister(deregister);
      case Command.Report report -> report(report);
      case Command.PutKey put -> putKey(put);
      case Command.DeleteKey delete -> deleteKey(delete);
      case Command.DeleteKeysUnder delete -> deleteKeysUnder(delete.prefix());
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

  private Reply putKey(Command.PutKey put) {
    KeyEntry present = keys.get(put.key());
    if (put.cas() != null && put.cas() != (present == null ? 0 : present.modifyIndex())) {
      return new Reply.Unmet();
    }
    boolean same =
        present != null
            && present.flags() == put.flags()
            && Arrays.equals(present.value(), put.value());
    if (!same) {
      keys.put(entry(put, present));
    }
    return done();
  }

  private KeyEntry entry(Command.PutKey put, @Nullable KeyEntry present) {
    return new KeyEntry(
        put.key(),
        put.value(),
        put.flags(),
        present == null ? 0 : present.lockIndex(),
        present == null ? "" : present.session(),
        present == null ? step.index() : present.createIndex(),
        step.index());
  }

  private Reply deleteKey(Command.DeleteKey delete) {
    KeyEntry present = keys.get(delete.key());
    if (delete.cas() != null && present != null && delete.cas() != present.modifyIndex()) {
      return new Reply.Unmet();
    }
    if (present != null) {
      keys.remove(present);
    }
    return done();
  }

  private Reply deleteKeysUnder(String prefix) {
    keys.under(prefix).forEach(keys::remove);
    return done();
  }
}
