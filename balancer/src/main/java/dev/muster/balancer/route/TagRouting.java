package dev.muster.balancer.route;

import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.SessionKey;
import dev.muster.balancer.config.UpstreamConfig.Sticky;
import dev.muster.balancer.dispatch.Member;
import dev.muster.balancer.observe.Ledger;
import dev.muster.balancer.observe.Ledgers;
import dev.muster.balancer.pipeline.Forwarding;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.RegistryForwarding;
import dev.muster.balancer.session.Sessions;
import dev.muster.balancer.upstream.Catalog;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.State;
import dev.muster.balancer.upstream.Instance;
import dev.muster.balancer.upstream.Resident;
import dev.muster.balancer.upstream.Rules;
import dev.muster.balancer.upstream.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns the tags of instances into routes. A route's cluster lasts as long as the route; a change
/// of its instances changes the cluster, a change of which routes there are makes new
/// [TagRoutes]. Called under the catalog's lock only.
final class TagRouting implements Catalog.Follower {
  private static final Logger log = LoggerFactory.getLogger(TagRouting.class);
  private static final long SCALE = 1_000_000;
  private static final int NO_INSTANCE = 503;
  private static final Forwarding FORWARDING = new RegistryForwarding();

  private final int loops;
  private final SessionKey key;
  private final Supplier<Rules> rules;
  private final Ledgers ledgers;
  private final Consumer<TagRoutes> published;
  private final Map<String, Map<RouteKey, List<Candidate>>> services = new HashMap<>();
  private final Map<RouteKey, Location> routes = new HashMap<>();
  private final Map<String, Set<String>> reportedTags = new HashMap<>();

  /// An instance that asks for a route.
  ///
  /// @param weight its share of what the instances with a share of their own leave over
  /// @param share its own share of the route's traffic, 0 to 1; 0 for none
  /// @param strip how many octets of the matched path are not sent to it
  /// @param sticky how sessions keep their instance; null if it does not say
  record Candidate(
      Instance instance,
      State state,
      int weight,
      double share,
      int strip,
      @Nullable Sticky sticky) {
    boolean isPassing() {
      return state == State.PASSING;
    }
  }

  TagRouting(
      int loops,
      Ledgers ledgers,
      SessionKey key,
      Supplier<Rules> rules,
      Consumer<TagRoutes> published) {
    this.loops = loops;
    this.ledgers = ledgers;
    this.key = key;
    this.rules = rules;
    this.published = published;
  }

  @Override
  public void changed(String service, List<Resident> residents) {
    Map<RouteKey, List<Candidate>> now = new HashMap<>();
    Set<String> malformed = new HashSet<>();
    for (Resident resident : residents) {
      addCandidates(resident, now, malformed);
    }
    report(service, malformed);
    Map<RouteKey, List<Candidate>> before = services.getOrDefault(service, Map.of());
    if (before.equals(now)) {
      return;
    }
    if (now.isEmpty()) {
      services.remove(service);
    } else {
      services.put(service, now);
    }
    Set<RouteKey> touched = new HashSet<>(before.keySet());
    touched.addAll(now.keySet());
    boolean hasOtherRoutes = false;
    for (RouteKey key : touched) {
      hasOtherRoutes |= update(key);
    }
    if (hasOtherRoutes) {
      published.accept(new TagRoutes(routes));
    }
  }

  /// Returns whether the route came or went.
  private boolean update(RouteKey key) {
    List<Candidate> all = new ArrayList<>();
    services.values().forEach(keys -> all.addAll(keys.getOrDefault(key, List.of())));
    all.sort(Comparator.comparing(candidate -> candidate.instance().id()));
    Location known = routes.get(key);
    Cluster cluster =
        known == null
            ? new Cluster("route " + key, NO_INSTANCE, loops, rules.get())
            : known.cluster();
    if (cluster == null) {
      throw new IllegalStateException("a route without a cluster");
    }
    cluster.replace(targets(all), cluster.rules().with(sessions(all, cluster)));
    if (all.isEmpty()) {
      routes.remove(key);
      ledgers.remove(cluster.name());
      return true;
    }
    if (known == null) {
      var match = new Match.Prefix(key.path(), false);
      Ledger ledger = ledgers.add(cluster.name());
      routes.put(key, Location.to(cluster, LocationConfig.of(match), FORWARDING, ledger));
      return true;
    }
    return false;
  }

  /// As the first instance says that says anything, so that a change of it can be rolled out.
  private @Nullable Sessions sessions(List<Candidate> candidates, Cluster cluster) {
    for (Candidate candidate : candidates) {
      Sticky sticky = candidate.sticky();
      if (sticky != null) {
        return Sessions.of(sticky, key, cluster.rules().sessions());
      }
    }
    return null;
  }

  private static void addCandidates(
      Resident resident, Map<RouteKey, List<Candidate>> candidates, Set<String> malformed) {
    Endpoint endpoint = resident.endpoint();
    State state =
        endpoint.port() != 0 && !endpoint.address().isBlank() ? endpoint.state() : State.CRITICAL;
    Set<RouteKey> seen = new HashSet<>();
    for (String tag : endpoint.tags()) {
      if (!tag.startsWith(RouteTag.PREFIX)) {
        continue;
      }
      switch (RouteTag.parse(tag)) {
        case RouteTag.Malformed(String why) -> malformed.add("'" + tag + "' is ignored: " + why);
        case RouteTag.Valid(RouteKey key, int strip, double share, var sticky) -> {
          if (seen.add(key)) {
            candidates
                .computeIfAbsent(key, _ -> new ArrayList<>())
                .add(
                    new Candidate(
                        resident.instance(), state, endpoint.weight(), share, strip, sticky));
          }
        }
      }
    }
  }

  /// Shares as Fabio gives them: an instance with a share of its own gets that part of the route's
  /// traffic (all such shares are scaled down to 1 if they exceed it, and up to 1 if there is no
  /// other instance); the others divide the rest by their weights.
  static List<Target> targets(List<Candidate> candidates) {
    double shares = 0;
    long others = 0;
    boolean hasOthers = false;
    for (Candidate candidate : candidates) {
      if (!candidate.isPassing()) {
        continue;
      }
      shares += candidate.share();
      if (candidate.share() == 0) {
        others += candidate.weight();
        hasOthers = true;
      }
    }
    double scale = shares > 1 || (shares > 0 && !hasOthers) ? 1 / shares : 1;
    double rest = Math.max(0, 1 - shares);
    List<Target> targets = new ArrayList<>();
    for (Candidate candidate : candidates) {
      long weight;
      if (shares == 0) {
        weight = candidate.weight();
      } else if (candidate.share() > 0) {
        weight = Math.max(1, Math.round(candidate.share() * scale * SCALE));
      } else {
        weight = others == 0 ? 0 : Math.round(rest * SCALE * candidate.weight() / others);
      }
      targets.add(target(candidate, (int) Math.min(Integer.MAX_VALUE, weight)));
    }
    return targets;
  }

  private static Target target(Candidate candidate, int weight) {
    Instance instance = candidate.instance();
    var member =
        new Member(
            instance.id(),
            instance.address() + ":" + instance.port(),
            instance.load(),
            weight,
            0,
            "",
            instance.upSince(),
            candidate.isPassing() || candidate.state() == State.MAINTENANCE,
            candidate.state() == State.MAINTENANCE,
            0);
    return new Target(instance, member, candidate.strip());
  }

  // Once per tag, not once per change of the service.
  private void report(String service, Set<String> malformed) {
    Set<String> known = reportedTags.getOrDefault(service, Set.of());
    for (String tag : malformed) {
      if (!known.contains(tag)) {
        log.warn("service {}: tag {}", printable(service), printable(tag));
      }
    }
    if (malformed.isEmpty()) {
      reportedTags.remove(service);
    } else {
      reportedTags.put(service, malformed);
    }
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
