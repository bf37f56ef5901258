package dev.muster.consul.agent;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Numbers in Prometheus' text format 0.0.4: one block per name, its kind first.
public final class PrometheusText {
  private PrometheusText() {}

  /// All of these.
  public static String of(
      List<Metrics.Counter> counters,
      List<Metrics.Gauge> gauges,
      List<Metrics.Histogram> histograms) {
    Map<String, StringBuilder> blocks = new TreeMap<>();
    for (Metrics.Counter counter : counters) {
      StringBuilder block = block(blocks, counter.name(), "counter");
      sample(block, counter.name(), counter.labels(), Long.toString(counter.count()));
    }
    for (Metrics.Gauge gauge : gauges) {
      StringBuilder block = block(blocks, gauge.name(), "gauge");
      sample(block, gauge.name(), gauge.labels(), number(gauge.value()));
    }
    for (Metrics.Histogram histogram : histograms) {
      histogram(block(blocks, histogram.name(), "histogram"), histogram);
    }
    return String.join("", blocks.values());
  }

  private static void histogram(StringBuilder block, Metrics.Histogram histogram) {
    long within = 0;
    for (int i = 0; i < histogram.counts().size(); i++) {
      within += histogram.counts().get(i);
      boolean isLast = i == histogram.bounds().size();
      Map<String, String> labels = new TreeMap<>(histogram.labels());
      labels.put("le", isLast ? "+Inf" : number(histogram.bounds().get(i)));
      sample(block, histogram.name() + "_bucket", labels, Long.toString(within));
    }
    sample(block, histogram.name() + "_sum", histogram.labels(), number(histogram.sum()));
    sample(block, histogram.name() + "_count", histogram.labels(), Long.toString(within));
  }

  private static StringBuilder block(Map<String, StringBuilder> blocks, String name, String kind) {
    return blocks.computeIfAbsent(
        name, _ -> new StringBuilder("# TYPE " + valid(name) + " " + kind + "\n"));
  }

  private static void sample(
      StringBuilder block, String name, Map<String, String> labels, String value) {
    block.append(valid(name));
    if (!labels.isEmpty()) {
      String separator = "{";
      for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
        block.append(separator).append(valid(label.getKey()).replace(':', '_'));
        block.append("=\"").append(escaped(label.getValue())).append('"');
        separator = ",";
      }
      block.append('}');
    }
    block.append(' ').append(value).append('\n');
  }

  /// Dots and dashes become underscores, as Consul writes its names.
  private static String valid(String name) {
    return name.replaceAll("[^a-zA-Z0-9_:]", "_");
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return isWhole ? Long.toString((long) value) : Double.toString(value);
  }
}
