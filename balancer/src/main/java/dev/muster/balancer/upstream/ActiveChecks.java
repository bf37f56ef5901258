package dev.muster.balancer.upstream;

import dev.muster.balancer.config.HealthCheck;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks servers again and again whether they are well, each on a virtual thread of its own.
/// Thread-safe.
final class ActiveChecks {
  private static final Logger log = LoggerFactory.getLogger(ActiveChecks.class);

  private final Runnable changed;
  private final Map<Instance, Running> running = new HashMap<>();

  /// A check that goes on until its latch is down.
  private record Running(HealthCheck check, CountDownLatch stop) {}

  /// @param changed told when a server became well or unwell
  ActiveChecks(Runnable changed) {
    this.changed = changed;
  }

  /// Checks exactly these from now on.
  synchronized void replace(Map<Instance, HealthCheck> wanted) {
    for (Iterator<Map.Entry<Instance, Running>> each = running.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<Instance, Running> entry = each.next();
      if (!entry.getValue().check().equals(wanted.get(entry.getKey()))) {
        entry.getValue().stop().countDown();
        each.remove();
      }
    }
    wanted.forEach(
        (instance, check) -> {
          if (!running.containsKey(instance)) {
            var started = new Running(check, new CountDownLatch(1));
            running.put(instance, started);
            instance.mark(check.isMandatory() ? "not checked yet" : "");
            Thread.ofVirtual()
                .name("balancer-check")
                .start(() -> run(instance, started.check(), started.stop()));
          }
        });
  }

  private void run(Instance instance, HealthCheck check, CountDownLatch stop) {
    int fails = 0;
    int passes = 0;
    try {
      do {
        Optional<String> why = ask(instance, check);
        fails = why.isPresent() ? fails + 1 : 0;
        passes = why.isPresent() ? 0 : passes + 1;
        boolean isWell = instance.unwell().isEmpty();
        if (isWell && fails >= check.fails()) {
          tell(instance, "health check failed: " + why.orElse(""), stop);
        } else if (!isWell && passes >= check.passes()) {
          tell(instance, "", stop);
        }
      } while (!stop.await(check.interval().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> ask(Instance instance, HealthCheck check) {
    InetSocketAddress address = instance.literal();
    return address == null ? Optional.of("its name is not resolved") : Probe.ask(check, address);
  }

  private void tell(Instance instance, String unwell, CountDownLatch stop) {
    if (stop.getCount() == 0) {
      return;
    }
    instance.mark(unwell);
    if (unwell.isEmpty()) {
      log.info(
          "server {} at {} port {} is well", instance.id(), instance.address(), instance.port());
    } else {
      log.warn(
          "server {} at {} port {}: {}",
          instance.id(),
          instance.address(),
          instance.port(),
          unwell);
    }
    changed.run();
  }
}
