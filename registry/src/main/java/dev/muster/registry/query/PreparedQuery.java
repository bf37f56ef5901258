package dev.muster.registry.query;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A question for instances that is kept under a name.
///
/// @param id a UUID
/// @param name unique without regard to case; empty if it is only known by its id, or if it is the
///     template for all names
/// @param session it goes when this session goes; empty: it stays
/// @param token whom it asks as, as it was given
/// @param createIndex the index at which it appeared
/// @param modifyIndex the index at which it last changed
public record PreparedQuery(
    String id,
    String name,
    String session,
    String token,
    Template template,
    Target service,
    DnsOptions dns,
    long createIndex,
    long modifyIndex) {

  /// Makes one query stand for all names that start with its own.
  ///
  /// @param type empty if the query is no template; else [#PREFIX_MATCH]
  /// @param regexp what `${match(N)}` refers to; may be empty
  /// @param removeEmptyTags whether tags that became empty are dropped
  public record Template(String type, String regexp, boolean removeEmptyTags) {
    public static final String PREFIX_MATCH = "name_prefix_match";
    public static final Template NONE = new Template("", "", false);
  }

  /// Which instances are meant.
  ///
  /// @param onlyPassing whether those with a warning are left out, too
  /// @param ignoreCheckIds checks whose state does not matter
  /// @param near whose neighbours come first: a node, `_agent` or `_ip`; empty: chance decides
  /// @param tags those that an instance must have, or with `!` must not have
  /// @param connect whether only proxies and what needs none are meant
  public record Target(
      String service,
      Failover failover,
      boolean onlyPassing,
      List<String> ignoreCheckIds,
      String near,
      List<String> tags,
      Map<String, String> nodeMeta,
      Map<String, String> serviceMeta,
      boolean connect) {
    public Target {
      ignoreCheckIds = List.copyOf(ignoreCheckIds);
      tags = List.copyOf(tags);
      nodeMeta = Collections.unmodifiableMap(new TreeMap<>(nodeMeta));
      serviceMeta = Collections.unmodifiableMap(new TreeMap<>(serviceMeta));
    }
  }

  /// Where to look when there is no instance here.
  ///
  /// @param nearestN so many of the nearest datacenters
  /// @param datacenters then these
  /// @param targets or these instead
  public record Failover(int nearestN, List<String> datacenters, List<FailoverTarget> targets) {
    public static final Failover NONE = new Failover(0, List.of(), List.of());

    public Failover {
      datacenters = List.copyOf(datacenters);
      targets = List.copyOf(targets);
    }
  }

  /// A place to look at.
  public record FailoverTarget(String datacenter) {}

  /// What DNS says of the answer.
  ///
  /// @param ttl as it was given; may be empty
  /// @param timeToLive what that means; zero if it is empty
  public record DnsOptions(String ttl, Duration timeToLive) {
    public static final DnsOptions NONE = new DnsOptions("", Duration.ZERO);
  }

  public boolean isTemplate() {
    return !template.type().isEmpty();
  }

  PreparedQuery with(Target newService) {
    return new PreparedQuery(
        id, name, session, token, template, newService, dns, createIndex, modifyIndex);
  }

  PreparedQuery at(long create, long modify) {
    return new PreparedQuery(id, name, session, token, template, service, dns, create, modify);
  }
}
