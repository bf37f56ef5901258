package dev.muster.cli.lock;

import dev.muster.cli.command.CommandFailed;
import java.util.Optional;

/// A lock for one holder: whose session holds the key has it. This is the protocol of Consul's
/// leader election:
///
/// 1. Read the key. If a session holds it, wait until that changes, and read again.
/// 2. Write the key with `acquire=<session>`. On `true` it is held.
/// 3. On `false`: if somebody was faster, go on at 1. If nobody holds it, the key is in its
///    lock-delay, and nothing will tell when that ends: pause, then 1.
/// 4. Watch the key, reading consistently, until another session or none holds it.
/// 5. Write it with `release=<session>`.
final class Mutex implements SharedLock {
  /// Says what the key is for, so that nobody takes another's data for a lock.
  static final long FLAGS = 0x2ddccbc058a50c18L;

  private static final byte[] NO_VALUE = new byte[0];

  private final Keys keys;
  private final Times times;
  private final String key;
  private final String session;
  private final int monitorRetries;

  Mutex(Keys keys, Times times, String key, String session, int monitorRetries) {
    this.keys = keys;
    this.times = times;
    this.key = key;
    this.session = session;
    this.monitorRetries = monitorRetries;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public void acquire() throws InterruptedException {
    long index = 0;
    while (true) {
      Keys.Found found = keys.get(key, index, times.blocking());
      Optional<Entry> entry = found.first();
      entry.ifPresent(this::checkFlags);
      if (isMine(entry)) {
        return;
      }
      if (entry.filter(Entry::isHeld).isPresent()) {
        index = found.index();
        continue;
      }
      if (keys.acquire(key, session, FLAGS, NO_VALUE)) {
        return;
      }
      index = 0;
      if (keys.get(key, 0, times.blocking()).first().filter(Entry::isHeld).isEmpty()) {
        Pause.of(times.lockDelay());
      }
    }
  }

  @Override
  public void awaitLoss() throws InterruptedException {
    long index = 0;
    while (true) {
      Keys.Found found = keys.watch(key, false, index, monitorRetries);
      if (!isMine(found.first())) {
        return;
      }
      index = found.index();
    }
  }

  @Override
  public void release() {
    keys.release(key, session, FLAGS, NO_VALUE);
  }

  @Override
  public boolean cleanUp() {
    Optional<Entry> entry = keys.get(key, 0, times.blocking()).first();
    if (entry.isEmpty()) {
      return true;
    }
    checkFlags(entry.get());
    return !entry.get().isHeld() && keys.delete(entry.get());
  }

  private boolean isMine(Optional<Entry> entry) {
    return entry.filter(found -> found.session().equals(session)).isPresent();
  }

  private void checkFlags(Entry entry) {
    if (entry.flags() != FLAGS) {
      throw new CommandFailed(
          ("Lock acquisition failed: the key %s is no lock (its flags are %s, not %s). Use another"
                  + " prefix.")
              .formatted(key, Long.toUnsignedString(entry.flags()), Long.toUnsignedString(FLAGS)));
    }
  }
}
