package dev.muster.registry;

import dev.muster.registry.catalog.CatalogChange;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.catalog.ServiceCheck;
import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.keys.KeysChange;
import dev.muster.registry.session.Lock;
import dev.muster.registry.transaction.EntryVerb;
import dev.muster.registry.transaction.Failure;
import dev.muster.registry.transaction.Operation;
import dev.muster.registry.transaction.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs the operations of one transaction, all of them also after one failed, so that every failure
/// is told. What they did is the caller's to keep or to undo.
final class Attempt {
  private final CatalogChange catalog;
  private final KeysChange keys;
  private final KeyWrites writes;
  private final SessionEnds sessions;
  private final List<Result> results = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private int position;

  Attempt(CatalogChange catalog, KeysChange keys, KeyWrites writes, SessionEnds sessions) {
    this.catalog = catalog;
    this.keys = keys;
    this.writes = writes;
    this.sessions = sessions;
  }

  List<Result> results() {
    return results;
  }

  /// Empty if all operations hold.
  List<Failure> failures() {
    return failures;
  }

  void run(List<Operation> operations) {
    for (Operation operation : operations) {
      switch (operation) {
        case Operation.OnKey key -> onKey(key);
        case Operation.OnNode node -> onNode(node.verb(), node.node());
        case Operation.OnService service -> onService(service.verb(), service.service());
        case Operation.OnCheck check -> onCheck(check.verb(), check.check());
        case Operation.DestroySession destroy -> sessions.destroy(destroy.session());
        case Operation.Impossible(String why) -> fail(why);
      }
      sessions.settle();
      position++;
    }
  }

  private void fail(String what) {
    failures.add(new Failure(position, what));
  }

  private void onKey(Operation.OnKey wish) {
    String key = wish.key();
    switch (wish.verb()) {
      case SET -> {
        writes.compareAndPut(put(wish, null));
        wrote(key);
      }
      case CAS -> {
        if (writes.compareAndPut(put(wish, wish.index()))) {
          wrote(key);
        } else {
          fail("failed to set key %s, index is stale".formatted(quoted(key)));
        }
      }
      case LOCK -> lock(wish);
      case UNLOCK -> unlock(wish);
      case GET, GET_OR_EMPTY, GET_TREE -> read(wish);
      case CHECK_INDEX, CHECK_SESSION, CHECK_NOT_EXISTS -> check(wish, keys.get(key));
      case DELETE -> writes.delete(new Command.DeleteKey(key, null));
      case DELETE_TREE -> writes.deleteUnder(key);
      case DELETE_CAS -> {
        if (!writes.delete(new Command.DeleteKey(key, wish.index()))) {
          fail("failed to delete key %s, index is stale".formatted(quoted(key)));
        }
      }
    }
  }

  private static Command.PutKey put(Operation.OnKey wish, @Nullable Long cas) {
    return new Command.PutKey(wish.key(), wish.value(), wish.flags(), cas);
  }

  private void wrote(String key) {
    KeyEntry entry = keys.get(key);
    if (entry != null) {
      results.add(new Result.OfKey(entry.withoutValue()));
    }
  }

  private void lock(Operation.OnKey wish) {
    Optional<String> fault = writes.fault(wish.session());
    if (fault.isPresent()) {
      fail(fault.get());
      return;
    }
    String key = quoted(wish.key());
    switch (writes.lock(put(wish, null), new Lock.Acquire(wish.session(), wish.passedDelay()))) {
      case LOCKED -> wrote(wish.key());
      case HELD_BY_ANOTHER -> fail("failed to lock key %s, lock is already held".formatted(key));
      case DELAYED -> fail("failed to lock key %s due to lock delay".formatted(key));
    }
  }

  private void unlock(Operation.OnKey wish) {
    if (wish.session().isEmpty()) {
      fail("missing session");
    } else if (writes.unlock(put(wish, null), wish.session())) {
      wrote(wish.key());
    } else {
      fail(
          "failed to unlock key %s, lock isn't held, or is held by another session"
              .formatted(quoted(wish.key())));
    }
  }

  private void read(Operation.OnKey wish) {
    KeyEntry entry = keys.get(wish.key());
    switch (wish.verb()) {
      case GET -> {
        if (entry == null) {
          fail("key %s doesn't exist".formatted(quoted(wish.key())));
        } else {
          results.add(new Result.OfKey(entry));
        }
      }
      case GET_OR_EMPTY ->
          results.add(
              new Result.OfKey(
                  entry == null ? new KeyEntry(wish.key(), null, 0, 0, "", 0, 0) : entry));
      default -> keys.under(wish.key()).forEach(it -> results.add(new Result.OfKey(it)));
    }
  }

  private void check(Operation.OnKey wish, @Nullable KeyEntry entry) {
    String key = quoted(wish.key());
    switch (wish.verb()) {
      case CHECK_INDEX -> {
        if (entry == null) {
          fail("failed to check index, key %s doesn't exist".formatted(key));
        } else if (entry.modifyIndex() != wish.index()) {
          fail(
              "failed index check for key %s, current modify index %d != %s"
                  .formatted(key, entry.modifyIndex(), Long.toUnsignedString(wish.index())));
        } else {
          wrote(wish.key());
        }
      }
      case CHECK_SESSION -> {
        if (entry == null) {
          fail("failed to check session, key %s doesn't exist".formatted(key));
        } else if (!entry.session().equals(wish.session())) {
          fail(
              "failed session check for key %s, current session %s != %s"
                  .formatted(key, quoted(entry.session()), quoted(wish.session())));
        } else {
          wrote(wish.key());
        }
      }
      default -> {
        if (entry != null) {
          fail("key %s exists".formatted(key));
        }
      }
    }
  }

  /// Whether a verb that compares may not go on, which is a failure then. What does not exist has
  /// the index 0, and to delete it at any index is too late.
  private boolean isStale(EntryVerb verb, String what, long expected, @Nullable Long present) {
    boolean isStale =
        switch (verb) {
          case CAS -> expected != (present == null ? 0 : present);
          case DELETE_CAS -> present == null || expected != present;
          case SET, GET, DELETE -> false;
        };
    if (isStale) {
      String deed = verb == EntryVerb.CAS ? "set" : "delete";
      fail("failed to %s %s, index is stale".formatted(deed, what));
    }
    return isStale;
  }

  private void onNode(EntryVerb verb, Node node) {
    Node present = catalog.node(node.name());
    String name = quoted(node.name());
    Node identified =
        present != null && present.id().equals(node.id()) ? present : catalog.nodeById(node.id());
    if (identified != null) {
      // What is compared must be what is written: clients may have mixed two nodes up.
      if (!node.name().isEmpty() && !identified.name().equalsIgnoreCase(node.name())) {
        fail(
            "node ID %s is that of node %s, not of node %s: give the ID and the name of one node"
                .formatted(quoted(node.id()), quoted(identified.name()), name));
        return;
      }
      present = identified;
    }
    if (isStale(
        verb, "node " + name, node.modifyIndex(), present == null ? null : present.modifyIndex())) {
      return;
    }
    switch (verb) {
      case SET, CAS -> {
        catalog.put(node);
        present = catalog.node(node.name());
      }
      case GET -> {
        if (present == null) {
          fail("node %s doesn't exist".formatted(name));
        }
      }
      case DELETE, DELETE_CAS -> {
        if (present != null) {
          catalog.remove(present);
        }
        return;
      }
    }
    if (present != null) {
      results.add(new Result.OfNode(present));
    }
  }

  private void onService(EntryVerb verb, Service service) {
    Service present = catalog.service(service.node(), service.id());
    String name = "service %s on node %s".formatted(quoted(service.id()), quoted(service.node()));
    if (isStale(
        verb, name, service.modifyIndex(), present == null ? null : present.modifyIndex())) {
      return;
    }
    switch (verb) {
      case SET, CAS -> {
        if (catalog.node(service.node()) == null) {
          fail("Missing node registration");
          return;
        }
        catalog.put(service);
        present = catalog.service(service.node(), service.id());
      }
      case GET -> {
        if (present == null) {
          fail("%s doesn't exist".formatted(name));
        }
      }
      case DELETE, DELETE_CAS -> {
        if (present != null) {
          catalog.remove(present);
        }
        return;
      }
    }
    if (present != null) {
      results.add(new Result.OfService(present));
    }
  }

  private void onCheck(EntryVerb verb, Check check) {
    Check present = catalog.check(check.node(), check.id());
    String name = "check %s on node %s".formatted(quoted(check.id()), quoted(check.node()));
    if (isStale(verb, name, check.modifyIndex(), present == null ? null : present.modifyIndex())) {
      return;
    }
    switch (verb) {
      case SET, CAS -> {
        if (catalog.node(check.node()) == null) {
          fail("Missing node registration");
          return;
        }
        if (!check.serviceId().isEmpty()
            && catalog.service(check.node(), check.serviceId()) == null) {
          fail("Missing service registration");
          return;
        }
        catalog.put(check);
        present = catalog.check(check.node(), check.id());
      }
      case GET -> {
        if (present == null) {
          fail("%s doesn't exist".formatted(name));
        }
      }
      case DELETE, DELETE_CAS -> {
        if (present != null) {
          catalog.remove(present);
        }
        return;
      }
    }
    if (present != null) {
      Service service = catalog.service(present.node(), present.serviceId());
      results.add(new Result.OfCheck(new ServiceCheck(present, Optional.ofNullable(service))));
    }
  }

  /// As Go quotes a text.
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                  if (Character.isISOControl(point)) {
                    quoted.append("\\x%02x".formatted(point));
                  } else {
                    quoted.appendCodePoint(point);
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }
}
