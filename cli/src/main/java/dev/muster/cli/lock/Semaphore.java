package dev.muster.cli.lock;

import dev.muster.cli.command.CommandFailed;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Slots for a limited number of holders. This is the protocol of Consul's distributed semaphore:
///
/// 1. Each contender acquires a key of its own, `<prefix>/<session>`: it lives as long as its
///    session does, whose behavior is `delete`.
/// 2. Read everything below the prefix. `<prefix>/.lock` says how many slots there are and who
///    holds them; holders whose own key is gone are dead and do not count.
/// 3. If no slot is free, wait until something below the prefix changes, and go on at 2.
/// 4. Write `.lock` with oneself added and the dead left out, if it is still as it was read. On
///    `true` a slot is held, otherwise go on at 2.
/// 5. Watch the prefix, reading consistently, until one is no longer among the living holders.
/// 6. Write `.lock` without oneself, the same way, and delete the own key.
final class Semaphore implements SharedLock {
  /// Says what the keys are for, so that nobody takes another's data for a semaphore.
  static final long FLAGS = 0xe0f69a2baa414de0L;

  private static final byte[] NO_VALUE = new byte[0];

  private final Keys keys;
  private final Times times;
  private final String prefix;
  private final String session;
  private final int limit;
  private final int monitorRetries;

  Semaphore(Keys keys, Times times, String prefix, String session, int limit, int monitorRetries) {
    this.keys = keys;
    this.times = times;
    this.prefix = prefix;
    this.session = session;
    this.limit = limit;
    this.monitorRetries = monitorRetries;
  }

  @Override
  public String key() {
    return prefix + "/.lock";
  }

  @Override
  public void acquire() throws InterruptedException {
    if (!keys.acquire(contender(), session, FLAGS, NO_VALUE)) {
      throw new CommandFailed(
          "Lock acquisition failed: could not make the contender's key %s".formatted(contender()));
    }
    long index = 0;
    while (true) {
      Keys.Found found = keys.list(prefix + "/", index, times.blocking());
      Entry lock = lockOf(found);
      Holders holders = holders(lock, found);
      if (holders.limit() != limit) {
        throw new CommandFailed(
            ("Lock acquisition failed: semaphore limit conflict (lock: %d, local: %d). All who use"
                    + " %s give the same -n.")
                .formatted(holders.limit(), limit, prefix));
      }
      if (holders.has(session)) {
        return;
      }
      if (holders.sessions().size() >= limit) {
        index = found.index();
      } else if (keys.replace(lock, FLAGS, holders.with(session).json())) {
        return;
      } else {
        index = 0;
      }
    }
  }

  @Override
  public void awaitLoss() throws InterruptedException {
    long index = 0;
    while (true) {
      Keys.Found found = keys.watch(prefix + "/", true, index, monitorRetries);
      if (!holders(lockOf(found), found).has(session)) {
        return;
      }
      index = found.index();
    }
  }

  @Override
  public void release() {
    while (true) {
      Keys.Found found = keys.get(key(), 0, times.blocking());
      Optional<Entry> lock = found.first();
      if (lock.isEmpty()) {
        break;
      }
      Holders holders = Holders.parse(lock.get().value(), limit);
      if (!holders.has(session)
          || keys.replace(lock.get(), FLAGS, holders.without(session).json())) {
        break;
      }
    }
    keys.delete(contender());
  }

  @Override
  public boolean cleanUp() {
    Keys.Found found = keys.list(prefix + "/", 0, times.blocking());
    Entry lock = lockOf(found);
    if (lock.modifyIndex() == 0) {
      return true;
    }
    return holders(lock, found).sessions().isEmpty() && keys.delete(lock);
  }

  private String contender() {
    return prefix + "/" + session;
  }

  /// The key that all agree on; an empty one if it is not there yet.
  private Entry lockOf(Keys.Found found) {
    Entry lock =
        found.entries().stream()
            .filter(entry -> entry.key().equals(key()))
            .findFirst()
            .orElseGet(() -> new Entry(key(), FLAGS, "", 0, NO_VALUE));
    if (lock.flags() != FLAGS) {
      throw new CommandFailed(
          ("Lock acquisition failed: the key %s is no semaphore (its flags are %s, not %s). Use"
                  + " another prefix, or -n=1.")
              .formatted(key(), Long.toUnsignedString(lock.flags()), Long.toUnsignedString(FLAGS)));
    }
    return lock;
  }

  /// Those who hold a slot and are alive.
  private Holders holders(Entry lock, Keys.Found found) {
    Set<String> alive = found.entries().stream().map(Entry::session).collect(Collectors.toSet());
    return Holders.parse(lock.value(), limit).livingIn(alive);
  }
}
