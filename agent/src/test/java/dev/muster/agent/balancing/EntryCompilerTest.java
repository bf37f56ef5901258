package dev.muster.agent.balancing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.chain.Chance;
import dev.muster.balancer.config.ChainConfig;
import dev.muster.balancer.config.ChainConfig.Route;
import dev.muster.balancer.config.ChainConfig.Split;
import dev.muster.balancer.config.UpstreamConfig.Balancing;
import dev.muster.consul.config.EntryReading;
import dev.muster.registry.entry.ConfigEntry;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EntryCompilerTest {
  private static final String HTTP =
      "{'Kind': 'proxy-defaults', 'Name': 'global', 'Config': {'protocol': 'http'}}";

  private static Compiled compile(String... entries) {
    List<ConfigEntry> read =
        Arrays.stream(entries)
            .map(text -> JsonMapper.shared().readTree(text.replace('\'', '"')))
            .map(json -> EntryReading.of(json).orElseThrow())
            .toList();
    return EntryCompiler.compile(
        ServiceRules.of(read),
        Set.of("web", "db"),
        "dc1",
        "127.0.0.1",
        new Chance(RandomGenerator.of("L64X128MixRandom")));
  }

  private static List<Split> splits(Compiled compiled, int route) {
    ChainConfig chain = Objects.requireNonNull(compiled.configuration().chains().get("web"));
    return chain.routes().get(route).splits();
  }

  private static List<String> shares(Compiled compiled, int route) {
    return splits(compiled, route).stream()
        .map(split -> split.weight() + " " + split.to().upstreams())
        .toList();
  }

  @Test
  void splittersBelowSplittersAreFlattened() {
    Compiled compiled =
        compile(
            HTTP,
            "{'Kind': 'service-splitter', 'Name': 'web', 'Splits': ["
                + "{'Weight': 50, 'Service': 'other'}, {'Weight': 50, 'Service': 'web'}]}",
            "{'Kind': 'service-splitter', 'Name': 'other', 'Splits': ["
                + "{'Weight': 20, 'Service': 'third'}, {'Weight': 80, 'Service': 'other'}]}");
    assertThat(compiled.problems()).isEmpty();
    assertThat(shares(compiled, 0))
        .containsExactly("1000 [registry/third]", "4000 [registry/other]", "5000 [registry/web]");
  }

  @Test
  void redirectsDefaultSubsetsAndFailoverAreFollowed() {
    Compiled compiled =
        compile(
            HTTP,
            "{'Kind': 'service-resolver', 'Name': 'web', 'Redirect': {'Service': 'new'}}",
            "{'Kind': 'service-resolver', 'Name': 'new', 'DefaultSubset': 'v1',"
                + " 'Subsets': {'v1': {}, 'v2': {}},"
                + " 'LoadBalancer': {'Policy': 'maglev', 'HashPolicies': [{'SourceIP': true}]},"
                + " 'Failover': {'*': {'Targets': [{'ServiceSubset': 'v2'},"
                + " {'Service': 'db', 'Datacenter': 'far'}, {'Service': 'db'}]}}}");
    assertThat(shares(compiled, 0))
        .containsExactly("10000 [registry/new#v1, registry/new#v2, registry/db]");
    assertThat(compiled.problems())
        .containsExactly(
            "service-resolver new: datacenter far cannot be reached from here and is left out of"
                + " the failover");
    assertThat(
            Objects.requireNonNull(compiled.configuration().upstreams().get("registry/new#v1"))
                .balancing())
        .isInstanceOf(Balancing.Maglev.class);
  }

  @Test
  void routesComeFirstAndEverythingElseLast() {
    Compiled compiled =
        compile(
            HTTP,
            "{'Kind': 'service-router', 'Name': 'web', 'Routes': ["
                + "{'Match': {'HTTP': {'PathRegex': '['}}},"
                + "{'Match': {'HTTP': {'PathPrefix': '/db'}},"
                + " 'Destination': {'Service': 'db', 'PrefixRewrite': '/',"
                + " 'NumRetries': 2, 'RetryOnStatusCodes': [503],"
                + " 'RequestHeaders': {'Set': {'Host': 'x', 'X-A': 'b'}}}}]}");
    List<Route> routes =
        Objects.requireNonNull(compiled.configuration().chains().get("web")).routes();
    assertThat(routes).hasSize(2);
    assertThat(shares(compiled, 0)).containsExactly("10000 [registry/db]");
    ChainConfig.Destination to = splits(compiled, 0).getFirst().to();
    assertThat(to.rewrite()).isEqualTo("/");
    assertThat(to.retry().tries()).isEqualTo(3);
    assertThat(to.retry().statuses()).containsExactly(503);
    assertThat(to.request().removed()).containsExactly("X-A");
    assertThat(compiled.problems())
        .hasSize(2)
        .anyMatch(it -> it.startsWith("service-router web, route 1 is left out"))
        .anyMatch(it -> it.contains("header Host is the balancer's own"));
  }

  @Test
  void whatCannotBeServedIsSaidAndTheRestIsServed() {
    Compiled compiled =
        compile(
            HTTP,
            "{'Kind': 'service-defaults', 'Name': 'db', 'Protocol': 'grpc'}",
            "{'Kind': 'service-router', 'Name': 'db'}",
            "{'Kind': 'ingress-gateway', 'Name': 'front', 'Listeners': ["
                + "{'Port': 1, 'Protocol': 'tcp', 'Services': [{'Name': 'db'}]},"
                + "{'Port': 2, 'Protocol': 'http', 'Services': [{'Name': '*'}]}]}");
    assertThat(compiled.problems())
        .hasSize(2)
        .anyMatch(it -> it.startsWith("service db speaks grpc"))
        .anyMatch(it -> it.startsWith("ingress-gateway front, port 1 is not opened"));
    assertThat(compiled.configuration().chains()).containsOnlyKeys("gateway front:2/web");
    assertThat(compiled.configuration().servers()).hasSize(2);
  }
}
