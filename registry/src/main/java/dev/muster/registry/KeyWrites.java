package dev.muster.registry;

import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.keys.KeysChange;
import dev.muster.registry.session.Lock;
import dev.muster.registry.session.LockDelay;
import dev.muster.registry.session.SessionId;
import dev.muster.registry.session.SessionsChange;
import dev.muster.registry.tree.Step;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What writes do to keys and to the locks on them. A key is held by at most one session, which
/// exists.
final class KeyWrites {
  private final Step step;
  private final KeysChange keys;
  private final SessionsChange sessions;

  KeyWrites(Step step, KeysChange keys, SessionsChange sessions) {
    this.step = step;
    this.keys = keys;
    this.sessions = sessions;
  }

  /// What became of a wish to lock a key.
  enum Locking {
    LOCKED,
    HELD_BY_ANOTHER,
    DELAYED
  }

  Reply put(Command.PutKey put) {
    Lock lock = put.lock();
    if (lock == null) {
      return compareAndPut(put) ? done() : new Reply.Unmet();
    }
    return switch (lock) {
      case Lock.Acquire acquire -> {
        Optional<String> fault = fault(acquire.session());
        if (fault.isPresent()) {
          yield new Reply.Refused(fault.get());
        }
        yield lock(put, acquire) == Locking.LOCKED ? done() : new Reply.Unmet();
      }
      case Lock.Release release -> {
        if (release.session().isEmpty()) {
          yield new Reply.Refused("missing session");
        }
        yield unlock(put, release.session()) ? done() : new Reply.Unmet();
      }
    };
  }

  private Reply done() {
    return new Reply.Done(step.index());
  }

  /// Why the session can lock nothing, in the words that clients know.
  Optional<String> fault(String session) {
    if (session.isEmpty()) {
      return Optional.of("missing session");
    }
    Optional<String> fault = SessionId.fault(session);
    if (fault.isPresent()) {
      return fault;
    }
    return sessions.get(session) == null
        ? Optional.of("invalid session \"" + session + "\"")
        : Optional.empty();
  }

  /// The lock on the key stays as it is.
  boolean compareAndPut(Command.PutKey put) {
    KeyEntry present = keys.get(put.key());
    if (put.cas() != null && put.cas() != (present == null ? 0 : present.modifyIndex())) {
      return false;
    }
    long lockIndex = present == null ? 0 : present.lockIndex();
    store(put, present, lockIndex, present == null ? "" : present.session());
    return true;
  }

  /// @param acquire its session exists
  Locking lock(Command.PutKey put, Lock.Acquire acquire) {
    String session = SessionId.normal(acquire.session());
    KeyEntry present = keys.get(put.key());
    String holder = present == null ? "" : present.session();
    long lockIndex = present == null ? 0 : present.lockIndex();
    if (holder.equals(session)) {
      store(put, present, lockIndex, session);
      return Locking.LOCKED;
    }
    if (!holder.isEmpty()) {
      return Locking.HELD_BY_ANOTHER;
    }
    LockDelay delay = sessions.lockDelay(put.key());
    if (delay != null && delay.index() != acquire.passedDelay()) {
      return Locking.DELAYED;
    }
    if (delay != null) {
      sessions.endDelay(put.key());
    }
    store(put, present, lockIndex + 1, session);
    return Locking.LOCKED;
  }

  boolean unlock(Command.PutKey put, String session) {
    KeyEntry present = keys.get(put.key());
    if (present == null || !present.session().equals(SessionId.normal(session))) {
      return false;
    }
    store(put, present, present.lockIndex(), "");
    return true;
  }

  /// Writing what is there already changes nothing.
  private void store(
      Command.PutKey put, @Nullable KeyEntry present, long lockIndex, String session) {
    if (present != null
        && present.flags() == put.flags()
        && present.lockIndex() == lockIndex
        && present.session().equals(session)
        && Arrays.equals(present.value(), put.value())) {
      return;
    }
    long created = present == null ? step.index() : present.createIndex();
    keys.put(
        new KeyEntry(
            put.key(), put.value(), put.flags(), lockIndex, session, created, step.index()));
  }

  /// A key that does not exist is deleted already.
  boolean delete(Command.DeleteKey delete) {
    KeyEntry present = keys.get(delete.key());
    if (present == null) {
      return true;
    }
    if (delete.cas() != null && delete.cas() != present.modifyIndex()) {
      return false;
    }
    keys.remove(present);
    return true;
  }

  void deleteUnder(String prefix) {
    keys.under(prefix).forEach(keys::remove);
  }
}
