package dev.muster.health;

import dev.muster.health.probe.Result;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.RegistryUnavailable;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the registry what becomes of one check, if that is news.
final class Reporter {
  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

  /// An output that differs while the state does not is news of little worth: told this often.
  private static final Duration OUTPUT_INTERVAL = Duration.ofMinutes(5);

  private final Registry registry;
  private final CheckRef ref;
  private final LongSupplier nanoTime;
  private long outputToldNanos;

  Reporter(Registry registry, CheckRef ref, LongSupplier nanoTime) {
    this.registry = registry;
    this.ref = ref;
    this.nanoTime = nanoTime;
  }

  CheckRef ref() {
    return ref;
  }

  Optional<Check> current() {
    return registry.localView().catalog().check(ref);
  }

  /// Whether the registry should be told, which the caller then does. On the thread `health`.
  boolean isNews(Result result, Check current) {
    long now = nanoTime.getAsLong();
    boolean outputIsDue =
        current.output().isEmpty() || now - outputToldNanos > OUTPUT_INTERVAL.toNanos();
    boolean saysMore = !result.output().equals(current.output()) && outputIsDue;
    if (result.status() == current.status() && !saysMore) {
      return false;
    }
    if (result.status() != current.status()) {
      LOG.info("check {} on {} is now {}", ref.id(), ref.node(), result.status().word());
    }
    outputToldNanos = now;
    return true;
  }

  /// Blocks. A failure is only logged: who reports tries again.
  ///
  /// @return whether it is committed
  boolean report(Result result) {
    return submit(new Command.Report(ref.node(), ref.id(), result.status(), result.output()));
  }

  /// Removes an instance, if the check is still critical. Blocks.
  ///
  /// @return whether that was committed
  boolean deregister(String serviceId) {
    return submit(new Command.Deregister(ref.node(), serviceId, "", ref.id()));
  }

  private boolean submit(Command command) {
    try {
      registry.submit(command);
      return true;
    } catch (RegistryUnavailable e) {
      LOG.warn("a change of health was not committed and will be tried again: {}", e.getMessage());
      return false;
    }
  }
}
