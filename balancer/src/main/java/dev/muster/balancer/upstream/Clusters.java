package dev.muster.balancer.upstream;

import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.upstream.Endpoint.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The clusters that a configuration names. A server of one stands for the instances of the service
/// registered under that name, or else for the address it gives. Changes come under the catalog's
/// lock.
public final class Clusters implements Catalog.Follower {
  private static final int NO_SERVER = 502;

  private final int loops;
  private final Map<String, Group> groups = new HashMap<>();
  private final Map<String, List<Resident>> services = new HashMap<>();

  /// A cluster, what it was made from, and the instances that are its own.
  private record Group(UpstreamConfig config, Cluster cluster, Map<String, Instance> own) {}

  /// None yet.
  public Clusters(int loops) {
    this.loops = loops;
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

  private static boolean isNamed(UpstreamServer server, String service) {
    return server.host().equalsIgnoreCase(service);
  }

  /// Takes over what a configuration names; clusters of the same name and servers go on.
  public synchronized Map<String, Cluster> replace(Map<String, UpstreamConfig> upstreams) {
    Map<String, Group> before = Map.copyOf(groups);
    groups.clear();
    Map<String, Cluster> clusters = new HashMap<>();
    upstreams.forEach(
        (name, config) -> {
          Group known = before.get(name);
          Group group =
              known != null && known.config().equals(config)
                  ? known
                  : new Group(
                      config,
                      known == null
                          ? new Cluster("upstream " + name, NO_SERVER, loops)
                          : known.cluster(),
                      known == null ? new HashMap<>() : known.own());
          groups.put(name, group);
          fill(group);
          clusters.put(name, group.cluster());
        });
    return clusters;
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
      } else if (!server.isBackup()) {
        String id = group.cluster().name() + "/" + server.host() + ":" + server.port();
        Instance instance =
            group.own().computeIfAbsent(id, it -> new Instance(it, server.host(), server.port()));
        targets.add(new Target(instance, server.weight(), 0));
      }
    }
    group.cluster().replace(targets);
  }

  private static void addService(
      UpstreamServer server, List<Resident> residents, List<Target> targets) {
    for (Resident resident : residents) {
      Endpoint endpoint = resident.endpoint();
      if (endpoint.state() == State.PASSING && endpoint.port() != 0) {
        long weight = (long) server.weight() * endpoint.weight();
        targets.add(new Target(resident.instance(), weight, 0));
      }
    }
  }
}
