package dev.muster.balancer.route;

import dev.muster.balancer.chain.Chain;
import dev.muster.balancer.chain.Chance;
import dev.muster.balancer.chain.Endings;
import dev.muster.balancer.config.ChainConfig;
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
import dev.muster.balancer.pipeline.Step;
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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
  private final Chance chance;
  private final Consumer<TagRoutes> published;
  private final Map<String, Map<RouteKey, List<Candidate>>> services = new HashMap<>();
  private final Map<RouteKey, Made> routes = new HashMap<>();
  private Map<String, ChainConfig> chains = Map.of();
  private Map<String, Cluster> clusters = Map.of();
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
      String zone,
      int weight,
      double share,
      int strip,
      @Nullable Sticky sticky) {
    boolean isPassing() {
      return state == State.PASSING;
    }
  }

  /// A route and what it was made from.
  ///
  /// @param cluster of the instances that ask for it
  /// @param guide what decides instead of their shares
  private record Made(Location location, Cluster cluster, @Nullable Guide guide) {}

  /// The ways of requests to the one service that a route is of.
  ///
  /// @param strip how many octets of the path are not sent on
  private record Guide(ChainConfig chain, int strip) {}

  TagRouting(
      int loops,
      Ledgers ledgers,
      SessionKey key,
      Supplier<Rules> rules,
      Chance chance,
      Consumer<TagRoutes> published) {
    this.loops = loops;
    this.ledgers = ledgers;
    this.key = key;
    this.rules = rules;
    this.chance = chance;
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
      published.accept(table());
    }
  }

  private TagRoutes table() {
    Map<RouteKey, Location> locations = new HashMap<>();
    routes.forEach((key, made) -> locations.put(key, made.location()));
    return new TagRoutes(locations);
  }

  /// Takes over what ways requests to services take; routes of other services stay what they are.
  ///
  /// @param others by the service's name in lower case
  /// @param named the clusters that they name
  TagRoutes follow(Map<String, ChainConfig> others, Map<String, Cluster> named) {
    Set<String> touched = new HashSet<>(chains.keySet());
    touched.addAll(others.keySet());
    touched.removeIf(service -> Objects.equals(chains.get(service), others.get(service)));
    chains = others;
    clusters = named;
    Set<RouteKey> keys = new HashSet<>();
    services.forEach(
        (service, candidates) -> {
          if (touched.contains(service.toLowerCase(Locale.ROOT))) {
            keys.addAll(candidates.keySet());
          }
        });
    keys.forEach(this::update);
    return table();
  }

  /// Returns whether the route came, went or is another one.
  private boolean update(RouteKey key) {
    List<Candidate> all = new ArrayList<>();
    List<String> asking = new ArrayList<>();
    services.forEach(
        (service, keys) -> {
          List<Candidate> candidates = keys.get(key);
          if (candidates != null) {
            all.addAll(candidates);
            asking.add(service);
          }
        });
    all.sort(Comparator.comparing(candidate -> candidate.instance().id()));
    Made known = routes.get(key);
    Cluster cluster =
        known == null
            ? new Cluster("route " + key, NO_INSTANCE, loops, rules.get())
            : known.cluster();
    List<Candidate> present =
        all.stream().filter(each -> each.state() != State.MAINTENANCE).toList();
    cluster.replace(targets(present), cluster.rules().with(sessions(all, cluster)));
    if (all.isEmpty()) {
      ledgers.remove(cluster.name());
      return routes.remove(key) != null;
    }
    Guide guide = guide(asking, all);
    if (known != null && Objects.equals(known.guide(), guide)) {
      return false;
    }
    routes.put(key, new Made(location(key, cluster, guide), cluster, guide));
    return true;
  }

  /// What decides about requests if all instances are of one service that has such rules.
  private @Nullable Guide guide(List<String> asking, List<Candidate> all) {
    ChainConfig chain =
        asking.size() == 1 ? chains.get(asking.getFirst().toLowerCase(Locale.ROOT)) : null;
    return chain == null ? null : new Guide(chain, all.getFirst().strip());
  }

  private Location location(RouteKey key, Cluster cluster, @Nullable Guide guide) {
    LocationConfig config = LocationConfig.of(new Match.Prefix(key.path(), false));
    Ledger ledger = ledgers.add(cluster.name());
    if (guide == null) {
      return Location.to(cluster, config, FORWARDING, ledger);
    }
    Step chain =
        Chain.of(
            guide.chain(),
            name -> Objects.requireNonNull(clusters.get(name), name),
            Endings.plain(guide.strip(), chance, ledger),
            chance);
    return Location.of(cluster.name(), config, new Step[] {chain}, null, null, null, ledger);
  }

  /// What its state comes to for routes.
  private static State state(Endpoint endpoint) {
    if (endpoint.isRoutable()) {
      return State.PASSING;
    }
    return endpoint.hasPlace() ? endpoint.state() : State.CRITICAL;
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
    State state = state(endpoint);
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
                        resident.instance(),
                        state,
                        endpoint.facts().zone(),
                        endpoint.weight(),
                        share,
                        strip,
                        sticky));
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
            candidate.zone(),
            instance.upSince(),
            candidate.isPassing() || candidate.state() == State.DRAINING,
            candidate.state() == State.DRAINING,
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
