package dev.muster.balancer.insight;

import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.observe.Metric;
import dev.muster.balancer.observe.Watch;
import dev.muster.balancer.route.Routing;
import dev.muster.balancer.route.RoutingTable.TagRoute;
import dev.muster.balancer.upstream.Catalog;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Clusters;
import dev.muster.balancer.upstream.Instance;
import dev.muster.balancer.upstream.Resident;
import dev.muster.balancer.upstream.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What can be asked of a running balancer; asking changes nothing. Thread-safe.
///
/// @param catalog who is registered
/// @param clusters of the configuration
/// @param routing where requests go
/// @param watch what is noted
/// @param own the socket where the routes are reached that services ask for
/// @param configuration what a file says
public record Insight(
    Catalog catalog,
    Clusters clusters,
    Routing routing,
    Watch watch,
    Socket own,
    Configuration configuration) {

  /// Every number there is, as it is now.
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    watch.entrances().readInto(metrics);
    watch.ledgers().readInto(metrics);
    List<Cluster> groups = allClusters();
    for (Cluster cluster : groups) {
      cluster
          .traffic()
          .readInto(metrics, "muster.balancer.upstream", Map.of("upstream", cluster.name()), true);
    }
    for (Instance instance : instances(groups)) {
      instance
          .traffic()
          .readInto(metrics, "muster.balancer.instance", Map.of("instance", instance.id()), false);
    }
    return metrics;
  }

  private List<Cluster> allClusters() {
    List<Cluster> all = new ArrayList<>(clusters.all());
    for (TagRoute route : routing.table().tagRoutes()) {
      Cluster cluster = route.location().cluster();
      if (cluster != null) {
        all.add(cluster);
      }
    }
    return all;
  }

  private Set<Instance> instances(List<Cluster> groups) {
    Set<Instance> all = new LinkedHashSet<>();
    for (Resident resident : catalog.residents()) {
      all.add(resident.instance());
    }
    for (Cluster cluster : groups) {
      for (Target target : cluster.membership().targets()) {
        all.add(target.instance());
      }
    }
    return all;
  }
}
