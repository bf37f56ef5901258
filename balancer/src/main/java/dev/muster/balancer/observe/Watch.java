package dev.muster.balancer.observe;

import dev.muster.balancer.config.Telemetry;
import dev.muster.balancer.observe.Metric.Counter;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What every loop of a balancer notes things with.
///
/// @param ledgers of all locations
/// @param entrances of all sockets
/// @param export where spans go, if requests are traced
/// @param ratio of requests that a trace is started for
/// @param clock the time for people
public record Watch(
    Ledgers ledgers, Entrances entrances, Optional<SpanExport> export, double ratio, Clock clock)
    implements AutoCloseable {

  /// Opens what is written to.
  ///
  /// @param nanoTime the clock of the loops
  /// @throws IllegalStateException naming the file that cannot be written to
  public static Watch start(
      Telemetry telemetry, Clock clock, LongSupplier nanoTime, RandomGenerator random) {
    Ledgers ledgers = Ledgers.of(telemetry.logs(), nanoTime);
    Optional<SpanExport> export =
        telemetry.traces()
            ? telemetry.otlpEndpoint().map(it -> SpanExport.start(it, random, clock, nanoTime))
            : Optional.empty();
    return new Watch(ledgers, new Entrances(), export, telemetry.traceRatio(), clock);
  }

  /// What decides about the traces of a loop; null if there are none.
  public @Nullable Tracer tracer(RandomGenerator random) {
    return export.map(it -> it.tracer(ratio, random)).orElse(null);
  }

  /// All numbers.
  public void readInto(List<Metric> metrics) {
    entrances.readInto(metrics);
    ledgers.readInto(metrics);
    export.ifPresent(
        it -> metrics.add(new Counter("muster.balancer.trace.dropped", Map.of(), it.dropped())));
  }

  /// Writes and sends what is queued.
  @Override
  public void close() {
    ledgers.close();
    export.ifPresent(SpanExport::close);
  }
}
