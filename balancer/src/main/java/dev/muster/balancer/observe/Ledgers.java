package dev.muster.balancer.observe;

import dev.muster.balancer.config.AccessLogConfig;
import dev.muster.balancer.observe.Metric.Counter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// The ledgers of all locations there are. Thread-safe; numbers of a location last as long as there
/// is one of that name.
public final class Ledgers implements AutoCloseable {
  private static final int LOCATIONS_MAX = 10_000;

  private final LogFiles files;
  private final List<AccessLogConfig> logsOfTags;
  private final Map<String, Ledger> ofTags = new ConcurrentHashMap<>();
  private final Ledger others;
  private final Map<Place, Traffic> opened = new HashMap<>();
  private volatile List<Ledger> configured = List.of();

  private record Place(String server, String location) {}

  private Ledgers(LogFiles files, List<AccessLogConfig> logsOfTags, Ledger others) {
    this.files = files;
    this.logsOfTags = logsOfTags;
    this.others = others;
  }

  /// Opens the logs that requests are written to which no configuration says anything of.
  ///
  /// @param logs of routes that services ask for, and of requests that have no location
  /// @throws IllegalStateException naming the file that cannot be written to
  public static Ledgers of(List<AccessLogConfig> logs, LongSupplier nanoTime) {
    LogFiles files = new LogFiles(nanoTime);
    try {
      Ledger others = new Ledger("", "none", new Traffic(), opened(files, logs));
      return new Ledgers(files, List.copyOf(logs), others);
    } catch (IllegalStateException e) {
      files.close();
      throw e;
    }
  }

  private static List<AccessLog> opened(LogFiles files, List<AccessLogConfig> configs) {
    return configs.stream().map(config -> new AccessLog(files.open(config), config)).toList();
  }

  /// Of requests without a location.
  public Ledger others() {
    return others;
  }

  /// Of a route that services ask for.
  public Ledger add(String route) {
    return ofTags.computeIfAbsent(
        route,
        name ->
            ofTags.size() < LOCATIONS_MAX
                ? new Ledger("", name, new Traffic(), opened(files, logsOfTags))
                : new Ledger("", "more", others.traffic(), opened(files, logsOfTags)));
  }

  /// The route is gone.
  public void remove(String route) {
    ofTags.remove(route);
  }

  /// One of a configuration that is being read; it counts on where one of that name is at now.
  ///
  /// @throws IllegalStateException naming the file that cannot be written to
  public synchronized Ledger open(String server, String location, List<AccessLogConfig> logs) {
    if (opened.isEmpty()) {
      configured.forEach(
          known -> opened.put(new Place(known.server(), known.location()), known.traffic()));
    }
    Traffic traffic =
        opened.size() < LOCATIONS_MAX
            ? opened.computeIfAbsent(new Place(server, location), _ -> new Traffic())
            : opened.getOrDefault(new Place(server, location), others.traffic());
    return new Ledger(server, location, traffic, opened(files, logs));
  }

  /// Takes over those of a configuration that now holds; files that are not needed any more are
  /// closed.
  public synchronized void replace(List<Ledger> ledgers) {
    configured = List.copyOf(ledgers);
    closeUnused();
  }

  /// Closes the files of a configuration that came to nothing.
  public synchronized void closeUnused() {
    opened.clear();
    Set<LogWriter> used = new HashSet<>();
    all().forEach(ledger -> ledger.logs().forEach(log -> used.add(log.writer())));
    files.retain(used);
  }

  /// Opens every file anew, after someone has renamed it.
  public void reopen() {
    files.reopen();
  }

  /// All that are kept.
  public List<Ledger> all() {
    List<Ledger> all = new ArrayList<>(configured);
    all.addAll(ofTags.values());
    all.add(others);
    return all;
  }

  /// The numbers of all locations, and of the logs.
  public void readInto(List<Metric> metrics) {
    Set<Traffic> seen = new HashSet<>();
    for (Ledger ledger : all()) {
      if (seen.add(ledger.traffic())) {
        Map<String, String> labels =
            Map.of("server", ledger.server(), "location", ledger.location());
        ledger.traffic().readInto(metrics, "muster.balancer.location", labels);
      }
    }
    for (LogWriter writer : files.all()) {
      metrics.add(
          new Counter(
              "muster.balancer.log.dropped", Map.of("path", writer.path()), writer.dropped()));
    }
  }

  /// Writes what is queued.
  @Override
  public void close() {
    files.close();
  }
}
