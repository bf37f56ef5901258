package dev.muster.agent.balancing;

import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Draining as a state: an instance that goes into maintenance, or is deregistered while others of
/// its service stay, is draining until a deadline, and only then out. Pure: time is what the
/// caller says, in nanoseconds. One thread at a time.
///
/// | was | is said to be | shown as |
/// | --- | --- | --- |
/// | taking requests, draining | in maintenance | draining, after the deadline in maintenance |
/// | taking requests, draining | gone, others stay | draining, after the deadline gone |
/// | taking requests, draining | gone, no other stays | gone |
/// | anything | critical | critical: what does not answer has nothing to finish |
/// | not taking requests | in maintenance, or gone | the same |
final class Departures {
  private static final Pattern OWN_DEADLINE = Pattern.compile("\\bdraining for (\\d{1,6})s\\b");

  private final long drainNanos;
  private final Map<String, Map<String, Endpoint>> shown = new HashMap<>();
  private final Map<String, Map<String, Long>> deadlines = new HashMap<>();

  Departures(long drainNanos) {
    this.drainNanos = drainNanos;
  }

  /// What is shown of a service.
  ///
  /// @param said all its instances, as its registry has them
  List<Endpoint> show(String service, List<Endpoint> said, long now) {
    Map<String, Endpoint> before = shown.getOrDefault(service, Map.of());
    Map<String, Long> ends = deadlines.computeIfAbsent(service, _ -> new HashMap<>());
    List<Endpoint> after = new ArrayList<>();
    Set<String> present = new HashSet<>();
    for (Endpoint endpoint : said) {
      present.add(endpoint.id());
      Endpoint known = before.get(endpoint.id());
      if (endpoint.state() != State.MAINTENANCE) {
        ends.remove(endpoint.id());
        after.add(endpoint);
      } else if (known != null && isDraining(endpoint, known, ends, now)) {
        after.add(endpoint.in(State.DRAINING, endpoint.facts().reason()));
      } else {
        after.add(endpoint);
      }
    }
    for (Endpoint known : before.values()) {
      if (!present.contains(known.id())) {
        if (!said.isEmpty() && isDraining(known, known, ends, now)) {
          after.add(known.in(State.DRAINING, "deregistered"));
        } else {
          ends.remove(known.id());
        }
      }
    }
    remember(service, after, ends);
    return after;
  }

  private boolean isDraining(Endpoint said, Endpoint known, Map<String, Long> ends, long now) {
    if (!known.isRoutable() && known.state() != State.DRAINING) {
      return false;
    }
    long deadline = ends.computeIfAbsent(said.id(), _ -> now + drainNanos(said));
    return deadline - now > 0;
  }

  private long drainNanos(Endpoint said) {
    Matcher own = OWN_DEADLINE.matcher(said.facts().reason());
    return own.find() ? Long.parseLong(own.group(1)) * 1_000_000_000L : drainNanos;
  }

  private void remember(String service, List<Endpoint> after, Map<String, Long> ends) {
    if (after.isEmpty()) {
      shown.remove(service);
      deadlines.remove(service);
      return;
    }
    Map<String, Endpoint> byId = new HashMap<>();
    after.forEach(endpoint -> byId.put(endpoint.id(), endpoint));
    shown.put(service, byId);
    ends.keySet().retainAll(byId.keySet());
  }

  /// The services of which something is over now.
  Set<String> due(long now) {
    Set<String> due = new HashSet<>();
    shown.forEach(
        (service, endpoints) -> {
          for (Endpoint endpoint : endpoints.values()) {
            Long end = deadlines.getOrDefault(service, Map.of()).get(endpoint.id());
            if (endpoint.state() == State.DRAINING && end != null && end - now <= 0) {
              due.add(service);
            }
          }
        });
    return due;
  }
}
