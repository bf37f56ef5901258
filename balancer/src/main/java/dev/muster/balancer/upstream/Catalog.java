package dev.muster.balancer.upstream;

import dev.muster.balancer.guard.EjectionRules;
import dev.muster.balancer.observe.Statistics.InstanceStatistics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/// The instances of every service. The lock orders writers and what follows them; the data path
/// does not come here.
public final class Catalog implements Endpoints {
  private final LongSupplier nanoTime;
  private final EjectionRules rules;
  private final Map<String, Map<String, Resident>> services = new HashMap<>();
  private final List<Follower> followers = new ArrayList<>();

  /// Learns of every change, in order, while the catalog's lock is held.
  @FunctionalInterface
  public interface Follower {
    /// Takes all instances of a service; none if it is gone.
    void changed(String service, List<Resident> residents);

    /// Takes all instances of a part of a service; none if the part is gone.
    default void changed(String service, String group, List<Resident> residents) {}
  }

  /// An empty one.
  ///
  /// @param nanoTime the clock of the loops
  /// @param rules when an instance is left out
  public Catalog(LongSupplier nanoTime, EjectionRules rules) {
    this.nanoTime = nanoTime;
    this.rules = rules;
  }

  @Override
  public synchronized void replace(String service, List<Endpoint> endpoints) {
    Map<String, Resident> before = services.getOrDefault(service, Map.of());
    Map<String, Resident> after = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      if (!endpoint.service().equals(service)) {
        throw new IllegalArgumentException(
            "endpoint %s is of service %s, not %s"
                .formatted(endpoint.id(), endpoint.service(), service));
      }
      Resident known = before.get(endpoint.id());
      Instance instance =
          known != null && known.instance().isAt(endpoint.address(), endpoint.port())
              ? known.instance()
              : new Instance(endpoint.id(), endpoint.address(), endpoint.port(), rules);
      if (isUp(endpoint) && !before.isEmpty() && (known == null || !isUp(known.endpoint()))) {
        instance.cameUp(nanoTime.getAsLong());
      }
      after.putIfAbsent(endpoint.id(), new Resident(endpoint, instance));
    }
    if (after.isEmpty()) {
      services.remove(service);
    } else {
      services.put(service, after);
    }
    List<Resident> residents = List.copyOf(after.values());
    followers.forEach(follower -> follower.changed(service, residents));
    Set<String> groups = groups(before.values());
    groups.addAll(groups(residents));
    followers.forEach(follower -> tell(follower, service, groups, residents));
    for (Resident gone : before.values()) {
      Resident now = after.get(gone.endpoint().id());
      if (now == null || now.instance() != gone.instance()) {
        gone.instance().leave();
      }
    }
  }

  private static boolean isUp(Endpoint endpoint) {
    return endpoint.isRoutable();
  }

  private static Set<String> groups(Collection<Resident> residents) {
    Set<String> groups = new TreeSet<>();
    residents.forEach(resident -> groups.addAll(resident.endpoint().facts().groups()));
    return groups;
  }

  private static void tell(
      Follower follower, String service, Set<String> groups, List<Resident> residents) {
    for (String group : groups) {
      List<Resident> members =
          residents.stream()
              .filter(resident -> resident.endpoint().facts().groups().contains(group))
              .toList();
      follower.changed(service, group, members);
    }
  }

  /// Runs something while no instance changes; it must not block.
  public synchronized void between(Runnable action) {
    action.run();
  }

  /// Tells a follower what is known, and from then on what changes.
  public synchronized void follow(Follower follower) {
    followers.add(follower);
    services.forEach(
        (service, byId) -> {
          List<Resident> residents = List.copyOf(byId.values());
          follower.changed(service, residents);
          tell(follower, service, groups(residents), residents);
        });
  }

  /// Every instance known now, in the order of their ids.
  public synchronized List<Resident> residents() {
    return services.values().stream()
        .flatMap(residents -> residents.values().stream())
        .sorted(Comparator.comparing(resident -> resident.endpoint().id()))
        .toList();
  }

  /// What was asked of every instance known now.
  public synchronized Map<String, InstanceStatistics> statistics() {
    Map<String, InstanceStatistics> found = new HashMap<>();
    for (Map<String, Resident> residents : services.values()) {
      for (Resident resident : residents.values()) {
        Instance instance = resident.instance();
        found.put(
            instance.id(),
            new InstanceStatistics(instance.requests().sum(), instance.failures().sum()));
      }
    }
    return found;
  }
}
