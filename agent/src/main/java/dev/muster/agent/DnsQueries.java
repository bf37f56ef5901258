package dev.muster.agent;

import dev.muster.dns.PreparedQueries;
import dev.muster.registry.View;
import dev.muster.registry.query.PreparedQuery;
import dev.muster.registry.query.Resolution;
import java.net.InetAddress;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Runs the registry's prepared queries for DNS.
final class DnsQueries implements PreparedQueries {
  private final String nodeName;
  private final RandomGenerator random;

  DnsQueries(String nodeName, RandomGenerator random) {
    this.nodeName = nodeName;
    this.random = random;
  }

  @Override
  public Optional<Execution> execute(View view, String nameOrId, InetAddress client) {
    return switch (view.queries().resolve(nameOrId)) {
      case Resolution.Found(PreparedQuery query) -> Optional.of(run(view, query, client));
      case Resolution.Unknown _, Resolution.Refused _ -> Optional.empty();
    };
  }

  private Execution run(View view, PreparedQuery query, InetAddress client) {
    var asker =
        new dev.muster.registry.query.Execution.Asker(
            nodeName, client.getHostAddress(), "", 0, false);
    var found = dev.muster.registry.query.Execution.of(query, view.catalog(), asker, random);
    PreparedQuery.DnsOptions dns = query.dns();
    return new Execution(
        query.service().service(),
        found.instances(),
        found.isOrdered(),
        dns.ttl().isEmpty() ? Optional.empty() : Optional.of(dns.timeToLive()));
  }
}
