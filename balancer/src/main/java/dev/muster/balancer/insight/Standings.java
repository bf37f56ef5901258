package dev.muster.balancer.insight;

import dev.muster.balancer.dispatch.Algorithm;
import dev.muster.balancer.dispatch.Choice;
import dev.muster.balancer.dispatch.Explanation;
import dev.muster.balancer.dispatch.Explanation.Standing;
import dev.muster.balancer.dispatch.Member;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.insight.Description.Upstream;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.upstream.Catalog;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Instance;
import dev.muster.balancer.upstream.Membership;
import dev.muster.balancer.upstream.Resident;
import dev.muster.balancer.upstream.Rules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How the instances of clusters stand at one moment, and why.
final class Standings {
  private final Map<Instance, String> registry = new HashMap<>();
  private final RandomGenerator random;
  private final long now;

  /// @param now as of the clock of the loops
  Standings(Catalog catalog, RandomGenerator random, long now) {
    this.random = random;
    this.now = now;
    for (Resident resident : catalog.residents()) {
      registry.put(
          resident.instance(), resident.endpoint().state().name().toLowerCase(Locale.ROOT));
    }
  }

  /// What a cluster makes of one request.
  ///
  /// @param request null for any
  Explanation explain(Cluster cluster, @Nullable Request request) {
    Membership membership = cluster.membership();
    long hash = request == null ? 0 : hash(request, cluster.rules());
    Explanation found = membership.members().explain(0, new Pure(membership, hash, false));
    // Who failed a moment ago is better than nobody.
    return found.chosen() >= 0
        ? found
        : membership.members().explain(0, new Pure(membership, hash, true));
  }

  private static long hash(Request request, Rules rules) {
    Algorithm algorithm = rules.policy().algorithm();
    if (!algorithm.isHashing()) {
      return 0;
    }
    HeadWriter key = new HeadWriter();
    if (rules.key().isPresent()) {
      rules.key().get().write(request, key);
    } else {
      key.write(request.client().remote().getAddress().getAddress());
    }
    return algorithm.hash(key.bytes(), 0, key.length());
  }

  /// A choice that notes nothing.
  private final class Pure implements Choice {
    private final Membership membership;
    private final long hash;
    private final boolean takesEjected;

    Pure(Membership membership, long hash, boolean takesEjected) {
      this.membership = membership;
      this.hash = hash;
      this.takesEjected = takesEjected;
    }

    @Override
    public boolean isEligible(int index) {
      return takesEjected || !membership.targets().get(index).instance().ejection().isEjected(now);
    }

    @Override
    public long hash() {
      return hash;
    }

    @Override
    public long now() {
      return now;
    }

    @Override
    public RandomGenerator random() {
      return random;
    }
  }

  Upstream upstream(Cluster cluster) {
    Explanation found = explain(cluster, null);
    return new Upstream(
        cluster.name(),
        cluster.rules().policy().algorithm().name().toLowerCase(Locale.ROOT),
        found.state().kind().name(),
        found.state().sentence(),
        cluster.rules().room().size(),
        cluster.traffic().tries(),
        cluster.traffic().retries(),
        cluster.traffic().failures(),
        members(cluster.membership(), found, false));
  }

  /// @param isOfRequest whether the reasons are those of one request
  List<Description.Member> members(Membership membership, Explanation found, boolean isOfRequest) {
    List<Description.Member> members = new ArrayList<>();
    for (int i = 0; i < found.members().size() && i < membership.targets().size(); i++) {
      Standing standing = found.members().get(i);
      Member member = membership.targets().get(i).member();
      Instance instance = membership.targets().get(i).instance();
      String state = state(standing, member, instance);
      members.add(
          new Description.Member(
              instance.id(),
              instance.endpoint(),
              state,
              reason(state, standing, instance, isOfRequest),
              registry.getOrDefault(instance, ""),
              standing.weight(),
              standing.priority(),
              standing.zone(),
              standing.active(),
              instance.traffic().tries(),
              instance.traffic().failures()));
    }
    return members;
  }

  private String state(Standing standing, Member member, Instance instance) {
    if (member.isDraining()) {
      return "draining";
    }
    if (!member.isHealthy()) {
      return "unhealthy";
    }
    if (instance.ejection().isEjected(now)) {
      return "ejected";
    }
    if (!standing.isOpen()) {
      return "full";
    }
    return standing.weight() < member.weight() ? "slow-start" : "up";
  }

  private String reason(String state, Standing standing, Instance instance, boolean isOfRequest) {
    String said = registry.getOrDefault(instance, "");
    return switch (state) {
      case "ejected" -> instance.ejection().reason(now);
      case "draining" ->
          said.equals("maintenance")
              ? "in maintenance: takes no new requests"
              : "draining: takes no new requests";
      case "unhealthy" -> said.isEmpty() ? "unhealthy" : "the registry has it as " + said;
      case "slow-start" ->
          isOfRequest ? standing.reason() : "it came up a moment ago: its weight still grows";
      case "full" -> standing.reason();
      default ->
          isOfRequest
              ? standing.reason()
              : said.isEmpty() ? "in use" : "the registry has it as " + said;
    };
  }
}
