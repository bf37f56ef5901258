package dev.muster.agent.balancing;

import dev.muster.balancer.upstream.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Keeps the last good instances when a registry lost its memory: when, by one step that replaces
/// everything it says (a restored snapshot, the first answer after it could not be reached), more
/// than a share of the instances that took requests are missing at once. What is missing then is
/// kept until it is back or until a deadline. Steps that change one service after another are
/// believed. Pure: time is what the caller says, in nanoseconds. One thread at a time.
final class LastGood {
  private final int lossPercentMax;
  private final long keptNanos;
  private final Map<String, List<Endpoint>> said = new HashMap<>();
  private final Map<String, Map<String, Kept>> kept = new HashMap<>();

  private record Kept(Endpoint endpoint, long until) {}

  /// What a step that replaces everything came to.
  ///
  /// @param before instances that took requests
  /// @param missing how many of them are missing now
  /// @param isKept whether they are kept
  record Judgement(int before, int missing, boolean isKept) {}

  /// @param lossPercentMax how many of a hundred instances may be missing at once
  /// @param keptNanos how long they are kept then; zero to keep none
  LastGood(int lossPercentMax, long keptNanos) {
    this.lossPercentMax = lossPercentMax;
    this.keptNanos = keptNanos;
  }

  /// Takes what is said of all services, which replaces whatever was said before.
  Judgement replace(Map<String, List<Endpoint>> everything, long now) {
    int before = 0;
    List<Endpoint> missing = new ArrayList<>();
    for (Map.Entry<String, List<Endpoint>> each : said.entrySet()) {
      Set<String> present = ids(everything.getOrDefault(each.getKey(), List.of()));
      for (Endpoint endpoint : each.getValue()) {
        if (endpoint.isRoutable()) {
          before++;
          if (!present.contains(endpoint.id())) {
            missing.add(endpoint);
          }
        }
      }
    }
    boolean isKept = keptNanos > 0 && missing.size() * 100L > (long) lossPercentMax * before;
    if (isKept) {
      for (Endpoint endpoint : missing) {
        kept.computeIfAbsent(endpoint.service(), _ -> new HashMap<>())
            .put(endpoint.id(), new Kept(endpoint, now + keptNanos));
      }
    }
    Set<String> services = new HashSet<>(said.keySet());
    services.addAll(everything.keySet());
    for (String service : services) {
      take(service, everything.getOrDefault(service, List.of()));
    }
    return new Judgement(before, missing.size(), isKept);
  }

  /// Takes what is said of one service.
  void take(String service, List<Endpoint> instances) {
    if (instances.isEmpty()) {
      said.remove(service);
    } else {
      said.put(service, List.copyOf(instances));
    }
    Map<String, Kept> missing = kept.get(service);
    if (missing != null) {
      missing.keySet().removeAll(ids(instances));
      if (missing.isEmpty()) {
        kept.remove(service);
      }
    }
  }

  private static Set<String> ids(List<Endpoint> endpoints) {
    Set<String> ids = new HashSet<>();
    endpoints.forEach(endpoint -> ids.add(endpoint.id()));
    return ids;
  }

  /// What is said of a service, and what is kept of it.
  List<Endpoint> shown(String service, long now) {
    List<Endpoint> shown = new ArrayList<>(said.getOrDefault(service, List.of()));
    for (Kept each : kept.getOrDefault(service, Map.of()).values()) {
      if (each.until() - now > 0) {
        String reason = "kept: the registry lost it together with most others";
        shown.add(each.endpoint().in(each.endpoint().state(), reason));
      }
    }
    return shown;
  }

  /// All services that are shown.
  Set<String> services() {
    Set<String> services = new HashSet<>(said.keySet());
    services.addAll(kept.keySet());
    return services;
  }

  /// How many instances are kept.
  int keptCount() {
    return kept.values().stream().mapToInt(Map::size).sum();
  }

  /// Forgets what was kept long enough; returns the services of which something was.
  Set<String> expire(long now) {
    Set<String> due = new HashSet<>();
    kept.forEach(
        (service, instances) -> {
          if (instances.values().removeIf(each -> each.until() - now <= 0)) {
            due.add(service);
          }
        });
    kept.values().removeIf(Map::isEmpty);
    return due;
  }
}
