package dev.muster.cli.lock;

import dev.muster.cli.command.Answer;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The questions about keys that the protocols ask, and their patience when there is no answer.
final class Keys {
  private final ApiClient api;
  private final Times times;

  Keys(ApiClient api, Times times) {
    this.api = api;
    this.times = times;
  }

  /// What was read, and the index to wait for a change of it.
  record Found(List<Entry> entries, long index) {
    Found {
      entries = List.copyOf(entries);
    }

    Optional<Entry> first() {
      return entries.stream().findFirst();
    }
  }

  /// Reads a key.
  ///
  /// @param index 0 to read at once, else to wait until it has changed since
  Found get(String key, long index, Duration wait) {
    return found(ask(Endpoint.of("kv", key), index, wait).orMissing("reading the lock"));
  }

  /// Reads all keys with a prefix.
  Found list(String prefix, long index, Duration wait) {
    return found(
        ask(Endpoint.of("kv", prefix).with("recurse"), index, wait).orMissing("reading the lock"));
  }

  /// Reads for one who must not miss the loss of what it holds: not from a server that is behind,
  /// and trying again if the servers fail for a while.
  ///
  /// @param retries after so many failures in a row it gives up
  Found watch(String key, boolean isPrefix, long index, int retries) throws InterruptedException {
    for (int failures = 0; ; failures++) {
      String failure;
      try {
        Endpoint endpoint = Endpoint.of("kv", key).withIf(isPrefix, "recurse").with("consistent");
        // After a failure the index may be of servers that are no more.
        Answer answer = ask(endpoint, failures == 0 ? index : 0, times.blocking());
        if (answer.status() < 500) {
          return found(answer.orMissing("watching the lock"));
        }
        failure = answer.text().strip();
      } catch (CommandFailed e) {
        failure = e.report();
      }
      if (failures == retries || Thread.currentThread().isInterrupted()) {
        throw new CommandFailed("Error watching the lock: " + failure);
      }
      Pause.of(times.monitorRetry());
    }
  }

  boolean acquire(String key, String session, long flags, byte[] value) {
    return isTrue(
        api.put(
            Endpoint.of("kv", key)
                .with("acquire", session)
                .with("flags", Long.toUnsignedString(flags)),
            value));
  }

  boolean release(String key, String session, long flags, byte[] value) {
    return isTrue(
        api.put(
            Endpoint.of("kv", key)
                .with("release", session)
                .with("flags", Long.toUnsignedString(flags)),
            value));
  }

  /// Writes a key if it is still as it was read.
  boolean replace(Entry read, long flags, byte[] value) {
    return isTrue(
        api.put(
            Endpoint.of("kv", read.key())
                .with("cas", Long.toUnsignedString(read.modifyIndex()))
                .with("flags", Long.toUnsignedString(flags)),
            value));
  }

  /// Deletes a key if it is still as it was read.
  boolean delete(Entry read) {
    return isTrue(
        api.delete(
            Endpoint.of("kv", read.key()).with("cas", Long.toUnsignedString(read.modifyIndex()))));
  }

  void delete(String key) {
    api.delete(Endpoint.of("kv", key)).orFail("deleting " + key);
  }

  private Answer ask(Endpoint endpoint, long index, Duration wait) {
    if (index == 0) {
      return api.get(endpoint);
    }
    endpoint.with("index", Long.toUnsignedString(index)).with("wait", GoDuration.print(wait));
    return api.get(endpoint, wait.plus(wait.dividedBy(16)).plusSeconds(10));
  }

  private static boolean isTrue(Answer answer) {
    return answer.orFail("writing the lock").json().asBoolean();
  }

  private static Found found(Answer answer) {
    List<Entry> entries = new ArrayList<>();
    if (answer.isOk()) {
      answer.json().forEach(entry -> entries.add(Entry.of(entry)));
    }
    return new Found(entries, answer.index());
  }
}
