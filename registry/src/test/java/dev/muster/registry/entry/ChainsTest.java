package dev.muster.registry.entry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.tree.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Entries that contradict each other are refused, whichever comes last.
class ChainsTest {
  private final Step step = new Step(0);
  private final EntriesChange change = new EntriesChange(Entries.EMPTY, step);

  private Optional<String> put(ConfigEntry entry) {
    step.advance();
    return change.put(entry);
  }

  private static ServiceDefaults defaults(String name, String protocol) {
    var inbound = new ServiceDefaults.Inbound(0, 0, 0, "");
    return new ServiceDefaults(
        name, protocol, ProxySettings.NONE, "", null, null, inbound, Map.of());
  }

  private static ServiceSplitter splitter(String name, String... services) {
    List<ServiceSplitter.Split> splits = new ArrayList<>();
    for (String service : services) {
      splits.add(new ServiceSplitter.Split(100.0 / services.length, service, "", null, null));
    }
    return new ServiceSplitter(name, splits, Map.of());
  }

  private static ServiceRouter router(String name, String service, String subset) {
    var retries = new ServiceRouter.Retries(0, false, List.of(), List.of());
    var destination =
        new ServiceRouter.Destination(
            service, subset, "", Duration.ZERO, Duration.ZERO, retries, null, null);
    return new ServiceRouter(name, List.of(new ServiceRouter.Route(null, destination)), Map.of());
  }

  private static ServiceResolver resolver(
      String name, List<String> subsets, ServiceResolver.@Nullable Redirect redirect) {
    Map<String, ServiceResolver.Subset> named = new java.util.TreeMap<>();
    subsets.forEach(subset -> named.put(subset, new ServiceResolver.Subset("", false)));
    return new ServiceResolver(
        name, "", named, redirect, Map.of(), Duration.ZERO, Duration.ZERO, null, Map.of());
  }

  private static ServiceResolver redirect(String name, String to, String subset) {
    return resolver(name, List.of(), new ServiceResolver.Redirect(to, subset, ""));
  }

  @Test
  void splittingNeedsAProtocolOfRequests() {
    String refusal =
        "discovery chain \"web\" uses a protocol \"tcp\" that does not permit advanced routing or"
            + " splitting behavior";
    assertThat(put(splitter("web", "web"))).contains(refusal);
    assertThat(put(router("web", "", ""))).contains(refusal);
    assertThat(put(defaults("web", "http"))).isEmpty();
    assertThat(put(splitter("web", "web"))).isEmpty();
    assertThat(put(router("web", "", ""))).isEmpty();
    assertThat(put(defaults("web", "tcp"))).contains(refusal);
    assertThat(change.remove(defaults("web", "http"))).contains(refusal);
    assertThat(
            put(
                new ProxyDefaults(
                    "global", Map.of("protocol", "grpc"), ProxySettings.NONE, Map.of())))
        .isEmpty();
    assertThat(change.remove(defaults("web", "http"))).as("grpc for all").isEmpty();
  }

  @Test
  void allServicesOnAWaySpeakTheSame() {
    put(defaults("web", "http"));
    assertThat(put(splitter("web", "web", "old")))
        .contains(
            "discovery chain \"web\" uses inconsistent protocols; service \"old\" has \"tcp\" which"
                + " is not \"http\"");
  }

  @Test
  void subsetsMustExistAndAreNeeded() {
    put(defaults("web", "http"));
    assertThat(put(router("web", "", "v2")))
        .contains("service \"web\" does not have a subset named \"v2\"");
    assertThat(put(resolver("web", List.of("v2"), null))).isEmpty();
    assertThat(put(router("web", "", "v2"))).isEmpty();
    assertThat(put(resolver("web", List.of("v1"), null)))
        .contains("service \"web\" does not have a subset named \"v2\"");
    assertThat(put(redirect("other", "web", "v9")))
        .contains("service \"web\" does not have a subset named \"v9\"");
  }

  @Test
  void circlesAreRefused() {
    for (String name : List.of("a", "b", "c")) {
      put(defaults(name, "http"));
    }
    assertThat(put(splitter("a", "b"))).isEmpty();
    assertThat(put(splitter("b", "c"))).isEmpty();
    assertThat(put(splitter("c", "a")))
        .hasValueSatisfying(
            reason -> assertThat(reason).startsWith("detected circular reference: [splitter:"));
    assertThat(put(redirect("x", "y", ""))).isEmpty();
    assertThat(put(redirect("y", "x", "")))
        .contains("detected circular resolver redirect: [x -> y -> x]");
  }

  @Test
  @Timeout(10)
  void manyWaysToTheSamePlaceAreFollowedOnce() {
    put(new ProxyDefaults("global", Map.of("protocol", "http"), ProxySettings.NONE, Map.of()));
    for (int layer = 60; layer > 0; layer--) {
      for (String side : List.of("a", "b")) {
        String[] below =
            layer == 60
                ? new String[] {"end"}
                : new String[] {"a" + (layer + 1), "b" + (layer + 1)};
        assertThat(put(splitter(side + layer, below))).isEmpty();
      }
    }
  }

  @Test
  void aGatewayListensForWhatItsServicesSpeak() {
    var service =
        new IngressGateway.Service("web", List.of(), null, null, null, 0, 0, 0, null, Map.of());
    var listener = new IngressGateway.Listener(80, "http", null, List.of(service));
    var gateway =
        new IngressGateway("edge", IngressGateway.Tls.NONE, List.of(listener), null, Map.of());
    assertThat(put(gateway))
        .contains(
            "service \"web\" has protocol \"tcp\", which is incompatible with listener protocol"
                + " \"http\"");
    put(defaults("web", "http"));
    assertThat(put(gateway)).isEmpty();
  }

  @Test
  void whatSaysTheSameChangesNothing() {
    put(defaults("web", "http"));
    put(defaults("web", "http"));
    assertThat(change.entries().indexes()).containsExactly(Map.entry(Kind.SERVICE_DEFAULTS, 1L));
    put(defaults("web", "grpc"));
    assertThat(change.get(Kind.SERVICE_DEFAULTS, "web"))
        .isEqualTo(new Kept(defaults("web", "grpc"), 1, 3));
  }
}
