package dev.muster.balancer.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The addresses of names, asked for again every few seconds as long as anybody wants them. The
/// last answer stays while a name cannot be resolved. Thread-safe.
final class Names {
  private static final Logger log = LoggerFactory.getLogger(Names.class);
  private static final long AGAIN_SECONDS = 5;

  private final Runnable changed;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Map<String, List<InetAddress>> known = new HashMap<>();
  private boolean isRunning;

  /// @param changed told when a name has other addresses
  Names(Runnable changed) {
    this.changed = changed;
  }

  /// What is known of a name now; it is followed from then on.
  synchronized List<InetAddress> addresses(String host) {
    List<InetAddress> found = known.get(host);
    if (found == null) {
      known.put(host, List.of());
      start();
      return List.of();
    }
    return found;
  }

  /// Follows no others than these.
  synchronized void retain(Set<String> hosts) {
    known.keySet().retainAll(hosts);
  }

  private void start() {
    if (!isRunning) {
      isRunning = true;
      Thread.ofVirtual().name("balancer-names").start(this::run);
    }
  }

  /// Resolves names at once, all at the same time, for as long as that.
  void resolveNow(Set<String> hosts, long millis) {
    var done = new CountDownLatch(hosts.size());
    for (String host : hosts) {
      Thread.ofVirtual()
          .start(
              () -> {
                resolve(host);
                done.countDown();
              });
    }
    try {
      boolean isDone = done.await(millis, TimeUnit.MILLISECONDS);
      if (!isDone) {
        log.warn("not all of {} could be resolved within {} ms; they start empty", hosts, millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stop.await(AGAIN_SECONDS, TimeUnit.SECONDS)) {
        Set<String> hosts;
        synchronized (this) {
          hosts = Set.copyOf(known.keySet());
        }
        boolean hasOther = false;
        for (String host : hosts) {
          hasOther |= resolve(host);
        }
        if (hasOther) {
          changed.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns whether the addresses are others than before.
  private boolean resolve(String host) {
    try {
      List<InetAddress> found =
          Arrays.stream(InetAddress.getAllByName(host))
              .sorted(Comparator.comparing(InetAddress::getHostAddress))
              .toList();
      synchronized (this) {
        return !found.equals(known.put(host, found));
      }
    } catch (UnknownHostException e) {
      log.debug("{} cannot be resolved", host);
      return false;
    }
  }

  void close() {
    stop.countDown();
  }
}
