package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.dns.PreparedQueries;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.query.PreparedQuery;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsQueriesTest {
  @Test
  void runsTheTemplateThatANameStandsFor() throws Exception {
    try (Registry registry = Registry.start(new InMemoryEngine(), ConsensusConfig.defaults())) {
      var definition =
          new Service.Definition(
              "web", "", List.of(), "", 80, Map.of(), Map.of(), Service.Weights.EQUAL, false);
      var node = new Node("n1", "", "10.0.0.1", Map.of(), Map.of(), 0, 0);
      var service = new Service("n1", "web1", definition, 0, 0);
      registry.submit(new Command.Register("n1", node, service, List.of(), false));
      var target =
          new PreparedQuery.Target(
              "${name.suffix}",
              PreparedQuery.Failover.NONE,
              false,
              List.of(),
              "_ip",
              List.of(),
              Map.of(),
              Map.of(),
              false);
      var template = new PreparedQuery.Template(PreparedQuery.Template.PREFIX_MATCH, "", false);
      var dns = new PreparedQuery.DnsOptions("7s", Duration.ofSeconds(7));
      var query = new PreparedQuery("id", "geo-", "", "", template, target, dns, 0, 0);
      registry.submit(new Command.PutQuery(query, false));
      var queries = new DnsQueries("n1", new Random(1));
      InetAddress client = InetAddress.getByName("10.0.0.1");

      PreparedQueries.Execution found =
          queries.execute(registry.view(), "geo-web", client).orElseThrow();

      assertThat(found.service()).isEqualTo("web");
      assertThat(found.instances()).hasSize(1);
      assertThat(found.isOrdered()).as("by the client's address").isTrue();
      assertThat(found.ttl()).contains(Duration.ofSeconds(7));
      assertThat(queries.execute(registry.view(), "nope", client)).isEmpty();
      assertThat(queries.execute(registry.view(), "id", client))
          .as("templates have names only")
          .isEmpty();
    }
  }
}
