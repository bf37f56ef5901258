package dev.muster.agent;

import dev.muster.consul.agent.Metrics;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The numbers of this server's parts, and what the JVM says of itself.
final class ServerMetrics implements Metrics {
  private final Metrics parts;

  ServerMetrics(Metrics parts) {
    this.parts = parts;
  }

  @Override
  public List<Counter> counters() {
    List<Counter> counters = new ArrayList<>(parts.counters());
    ManagementFactory.getGarbageCollectorMXBeans()
        .forEach(
            it -> {
              Map<String, String> labels = Map.of("collector", it.getName());
              counters.add(new Counter("muster.jvm.gc.runs", labels, it.getCollectionCount()));
              counters.add(new Counter("muster.jvm.gc.millis", labels, it.getCollectionTime()));
            });
    return counters;
  }

  @Override
  public List<Gauge> gauges() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    List<Gauge> gauges = new ArrayList<>(parts.gauges());
    gauges.addAll(
        List.of(
            gauge("muster.jvm.heap.used.bytes", (double) memory.getHeapMemoryUsage().getUsed()),
            gauge(
                "muster.jvm.heap.committed.bytes",
                (double) memory.getHeapMemoryUsage().getCommitted()),
            gauge("muster.jvm.heap.max.bytes", (double) memory.getHeapMemoryUsage().getMax()),
            gauge(
                "muster.jvm.nonheap.used.bytes", (double) memory.getNonHeapMemoryUsage().getUsed()),
            gauge("muster.jvm.threads", ManagementFactory.getThreadMXBean().getThreadCount()),
            gauge(
                "muster.process.uptime.seconds",
                ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0),
            gauge("muster.process.cpu.seconds", MachineFacts.processorSeconds())));
    return gauges;
  }

  @Override
  public List<Histogram> histograms() {
    return parts.histograms();
  }

  private static Gauge gauge(String name, double value) {
    return new Gauge(name, Map.of(), value);
  }
}
