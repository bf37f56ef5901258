package dev.muster.balancer.upstream;

import dev.muster.balancer.config.Addresses;
import dev.muster.balancer.config.HealthCheck;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.guard.EjectionRules;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The instances behind the servers of a configuration that no registry knows: one for each address
/// of a name. Called under the lock of [Clusters].
final class OwnServers {
  private static final long FIRST_RESOLUTION_MILLIS = 2000;

  private final Names names;
  private final ActiveChecks checks;
  private final Map<String, Instance> instances = new HashMap<>();
  private final Map<Instance, HealthCheck> checked = new HashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Set<String> hosts = new HashSet<>();

  /// @param changed told when a name has other addresses, or a server became well or unwell
  OwnServers(Runnable changed) {
    this.names = new Names(changed);
    this.checks = new ActiveChecks(changed);
  }

  /// Resolves what is not known yet, so that requests find somebody from the first on.
  void resolveFirst(Set<String> unknown) {
    unknown.removeIf(host -> Addresses.literal(host) != null || !names.addresses(host).isEmpty());
    if (!unknown.isEmpty()) {
      names.resolveNow(unknown, FIRST_RESOLUTION_MILLIS);
    }
  }

  /// The instances of a server now.
  ///
  /// @param cluster what its cluster is called
  List<Instance> of(String cluster, UpstreamServer server) {
    if (Addresses.literal(server.host()) != null) {
      return List.of(instance(cluster, server, server.host()));
    }
    hosts.add(server.host());
    List<Instance> found = new ArrayList<>();
    for (InetAddress address : names.addresses(server.host())) {
      found.add(instance(cluster, server, address.getHostAddress()));
    }
    return found;
  }

  /// One that resolves its name by itself, when it is asked for.
  Instance byName(String cluster, UpstreamServer server) {
    return instance(cluster, server, server.host());
  }

  private Instance instance(String cluster, UpstreamServer server, String address) {
    String id = cluster + "/" + address + ":" + server.port();
    EjectionRules rules = EjectionRules.nginx(server.maxFails(), server.failTimeout());
    String key = id + " " + rules;
    used.add(key);
    return instances.computeIfAbsent(key, _ -> new Instance(id, address, server.port(), rules));
  }

  /// An instance is to be checked.
  void check(Instance instance, HealthCheck how) {
    checked.put(instance, how);
  }

  /// Starts to count who is used anew.
  void begin() {
    used.clear();
    hosts.clear();
    checked.clear();
  }

  /// Lets go of who was not used since.
  void end() {
    instances
        .entrySet()
        .removeIf(
            entry -> {
              boolean isGone = !used.contains(entry.getKey());
              if (isGone) {
                entry.getValue().leave();
              }
              return isGone;
            });
    names.retain(hosts);
    checks.replace(checked);
  }

  void close() {
    names.close();
    checks.replace(Map.of());
  }
}
