package dev.muster.balancer.upstream;

import dev.muster.balancer.config.SessionKey;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.dispatch.Member;
import dev.muster.balancer.session.Sessions;
import dev.muster.balancer.upstream.Endpoint.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The clusters that a configuration names. A server of one stands for the instances of the service
/// registered under that name, or else for the address it gives. Changes come under the catalog's
/// lock.
public final class Clusters implements Catalog.Follower {
  private static final int NO_SERVER = 502;
  private static final int HTTP_PORT = 80;
  private static final int COMPUTED_MAX = 1024;

  private final int loops;
  private final String zone;
  private final LongSupplier nanoTime;
  private final OwnServers own = new OwnServers(this::refill);
  private final SessionKey key;
  private final Map<String, Group> groups = new HashMap<>();
  private final Map<String, Cluster> computed = new ConcurrentHashMap<>();
  private final Map<String, List<Resident>> services = new HashMap<>();

  /// A cluster and what it was made from.
  private record Group(UpstreamConfig config, Rules rules, Cluster cluster, boolean isComputed) {}

  /// None yet.
  ///
  /// @param zone where the balancer is; empty if nobody said
  /// @param nanoTime the clock of the loops
  /// @param key what session cookies are signed with
  public Clusters(int loops, String zone, LongSupplier nanoTime, SessionKey key) {
    this.loops = loops;
    this.zone = zone;
    this.nanoTime = nanoTime;
    this.key = key;
  }

  @Override
  public synchronized void changed(String service, List<Resident> residents) {
    String name = service.toLowerCase(Locale.ROOT);
    if (residents.isEmpty()) {
      services.remove(name);
    } else {
      services.put(name, residents);
    }
    for (Group group : groups.values()) {
      if (group.config().servers().stream().anyMatch(server -> isNamed(server, name))) {
        fill(group);
      }
    }
  }

  @Override
  public void changed(String service, String group, List<Resident> residents) {
    changed(service + "#" + group, residents);
  }

  private static boolean isNamed(UpstreamServer server, String service) {
    return server.host().equalsIgnoreCase(service);
  }

  /// Takes over what a configuration names; clusters of the same name and servers go on.
  public Map<String, Cluster> replace(Map<String, UpstreamConfig> upstreams) {
    own.resolveFirst(unregistered(upstreams));
    return replaceNow(upstreams);
  }

  private synchronized Set<String> unregistered(Map<String, UpstreamConfig> upstreams) {
    Set<String> hosts = new HashSet<>();
    upstreams
        .values()
        .forEach(config -> config.servers().forEach(server -> hosts.add(server.host())));
    hosts.removeIf(host -> services.containsKey(host.toLowerCase(Locale.ROOT)));
    return hosts;
  }

  private synchronized Map<String, Cluster> replaceNow(Map<String, UpstreamConfig> upstreams) {
    Map<String, Group> before = Map.copyOf(groups);
    groups.clear();
    computed.clear();
    Map<String, Cluster> clusters = new HashMap<>();
    upstreams.forEach(
        (name, config) -> {
          Group known = before.get(name);
          Group group =
              known != null && !known.isComputed() && known.config().equals(config)
                  ? known
                  : group(name, config, known);
          groups.put(name, group);
          clusters.put(name, group.cluster());
        });
    refill();
    return clusters;
  }

  /// Fills every cluster anew: a name has other addresses, or a server became well or unwell.
  private synchronized void refill() {
    own.begin();
    groups.values().forEach(this::fill);
    own.end();
  }

  /// Stops asking for names and checking servers.
  public void close() {
    own.close();
  }

  /// The cluster that a text names which was computed for a request: one of the configuration, or
  /// the service or address `host[:port]`. Thread-safe; the most recent ones are remembered.
  public Cluster named(String name) {
    Cluster known = computed.get(name);
    return known == null ? makeNamed(name) : known;
  }

  private synchronized Cluster makeNamed(String name) {
    Group configured = groups.get(name);
    if (configured != null) {
      return configured.cluster();
    }
    if (computed.size() >= COMPUTED_MAX) {
      computed.keySet().forEach(groups::remove);
      computed.clear();
      refill();
    }
    int colon = name.endsWith("]") ? -1 : name.lastIndexOf(':');
    String host = colon < 0 ? name : name.substring(0, colon);
    int port = colon < 0 ? HTTP_PORT : port(name.substring(colon + 1));
    var config =
        UpstreamConfig.of(name, List.of(UpstreamServer.of(host.replaceAll("[\\[\\]]", ""), port)));
    Group plain = group(name, config, null);
    Group made = new Group(config, plain.rules(), plain.cluster(), true);
    groups.put(name, made);
    fill(made);
    computed.put(name, made.cluster());
    return made.cluster();
  }

  private static int port(String text) {
    return text.matches("[0-9]{1,5}") ? Math.min(0xffff, Integer.parseInt(text)) : 0;
  }

  private Group group(String name, UpstreamConfig config, @Nullable Group known) {
    Sessions before = known == null ? null : known.rules().sessions();
    Sessions sessions =
        config.sticky().map(sticky -> Sessions.of(sticky, key, before)).orElse(null);
    Rules rules = Rules.of(config, zone, nanoTime.getAsLong()).with(sessions);
    if (known == null) {
      var cluster = new Cluster("upstream " + name, NO_SERVER, loops, rules);
      return new Group(config, rules, cluster, false);
    }
    return new Group(config, rules, known.cluster(), false);
  }

  /// All of them.
  public synchronized List<Cluster> all() {
    return groups.values().stream().map(Group::cluster).toList();
  }

  private void fill(Group group) {
    List<Target> targets = new ArrayList<>();
    for (UpstreamServer server : group.config().servers()) {
      if (server.isDown()) {
        continue;
      }
      List<Resident> residents = services.get(server.host().toLowerCase(Locale.ROOT));
      if (residents != null) {
        addService(server, residents, targets);
      } else if (server.port() != 0) {
        addOwn(group, server, targets);
      }
    }
    group.cluster().replace(targets, group.rules());
  }

  private void addOwn(Group group, UpstreamServer server, List<Target> targets) {
    String cluster = group.cluster().name();
    List<Instance> instances = own.of(cluster, server);
    if (instances.isEmpty() && group.isComputed()) {
      instances = List.of(own.byName(cluster, server));
    }
    String key = server.port() == 80 ? server.host() : server.host() + ":" + server.port();
    for (Instance instance : instances) {
      group.config().check().ifPresent(check -> own.check(instance, check));
      boolean isWell = instance.unwell().isEmpty();
      targets.add(target(server, instance, key, server.weight(), "", isWell, false));
    }
  }

  private static void addService(
      UpstreamServer server, List<Resident> residents, List<Target> targets) {
    for (Resident resident : residents) {
      Endpoint endpoint = resident.endpoint();
      if (endpoint.hasPlace() && endpoint.state() != State.MAINTENANCE) {
        long weight = (long) server.weight() * endpoint.weight();
        targets.add(
            target(
                server,
                resident.instance(),
                endpoint.address() + ":" + endpoint.port(),
                (int) Math.min(Integer.MAX_VALUE, weight),
                endpoint.facts().zone(),
                endpoint.isRoutable() || endpoint.state() == State.DRAINING,
                endpoint.state() == State.DRAINING));
      }
    }
  }

  private static Target target(
      UpstreamServer server,
      Instance instance,
      String key,
      int weight,
      String zone,
      boolean isHealthy,
      boolean isDraining) {
    return new Target(
        instance,
        new Member(
            instance.id(),
            key,
            instance.load(),
            weight,
            server.isBackup() ? 1 : 0,
            zone,
            instance.upSince(),
            isHealthy,
            isDraining || server.isDraining(),
            server.maxConnections()),
        0,
        server.route());
  }
}
