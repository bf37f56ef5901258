package dev.muster.health;

import dev.muster.registry.Registry;
import dev.muster.registry.View;
import dev.muster.registry.session.LockDelay;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// When this server saw each lock-delay begin. It may begin to see one late, when it starts or is
/// sent a snapshot, never early: a delay measured here is never shorter than it should be.
///
/// Thread-safe.
final class LockDelays {
  private final LongSupplier nanoTime;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  LockDelays(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  private record Seen(long index, long nanos) {}

  /// Follows what was applied; from the thread that applies.
  void applied(Registry.Applied applied) {
    if (applied.isRestored()) {
      seen.clear();
      begin(applied.view());
    } else {
      applied.delayedKeys().forEach(key -> begin(applied.view(), key));
    }
  }

  /// Sees every delay that is not known yet begin now.
  void begin(View view) {
    view.sessions().lockDelays().under("").forEach(delay -> begin(view, delay.key()));
  }

  /// Forgets the delays that ended. Those that began after the view are not in it and stay.
  void forgetEnded(View view) {
    if (seen.size() > view.sessions().lockDelays().size()) {
      seen.entrySet()
          .removeIf(
              it ->
                  it.getValue().index() <= view.index()
                      && view.sessions().lockDelay(it.getKey()).isEmpty());
    }
  }

  private void begin(View view, String key) {
    view.sessions()
        .lockDelay(key)
        .ifPresent(
            delay ->
                seen.compute(
                    key,
                    (_, before) ->
                        before != null && before.index() == delay.index()
                            ? before
                            : new Seen(delay.index(), nanoTime.getAsLong())));
  }

  /// The index of the key's delay if this server saw it end; 0 if it did not, or there is none.
  long passed(View view, String key) {
    return view.sessions().lockDelay(key).filter(this::hasPassed).map(LockDelay::index).orElse(0L);
  }

  private boolean hasPassed(LockDelay delay) {
    Seen began = seen.get(delay.key());
    return began != null
        && began.index() == delay.index()
        && nanoTime.getAsLong() - began.nanos() >= delay.length().toNanos();
  }
}
