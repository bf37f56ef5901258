package dev.muster.agent;

import dev.muster.consul.agent.Metrics;
import dev.muster.dns.DnsServer;
import dev.muster.dns.DnsStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The numbers of DNS in the form of the API, behind those of others. The API is there first, so
/// there are none until a server is followed.
final class DnsMetrics implements Metrics {
  private final Metrics others;
  private volatile @Nullable DnsServer server;

  DnsMetrics(Metrics others) {
    this.others = others;
  }

  void follow(DnsServer started) {
    server = started;
  }

  @Override
  public List<Counter> counters() {
    List<Counter> counters = new ArrayList<>(others.counters());
    DnsServer followed = server;
    if (followed != null) {
      DnsStatistics numbers = followed.statistics();
      counters.add(query("udp", numbers.udpQueries()));
      counters.add(query("tcp", numbers.tcpQueries()));
      counters.add(counter("malformed", numbers.malformed()));
      counters.add(counter("shed", numbers.shed()));
      counters.add(counter("failed", numbers.failed()));
      counters.add(counter("cut", numbers.cut()));
      counters.add(counter("recursion", numbers.recursions()));
      counters.add(counter("unresolved", numbers.unresolved()));
    }
    return counters;
  }

  @Override
  public List<Gauge> gauges() {
    return others.gauges();
  }

  @Override
  public List<Histogram> histograms() {
    return others.histograms();
  }

  private static Counter query(String protocol, long count) {
    return new Counter("muster.dns.query", Map.of("protocol", protocol), count);
  }

  private static Counter counter(String name, long count) {
    return new Counter("muster.dns." + name, Map.of(), count);
  }
}
