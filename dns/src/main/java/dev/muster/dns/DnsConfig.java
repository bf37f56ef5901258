package dev.muster.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What can be set for answers by DNS, with Consul's key and the default of each. Where it
/// listens is not in here, so that all of it can be replaced while the server runs.
///
/// @param datacenter name of the only datacenter there is (`datacenter`; `dc1`)
/// @param domain under which everything is found (`domain`; `consul.`); kept in lower case,
///     with a dot at its end
/// @param altDomain under which everything is found as well (`alt_domain`; none)
/// @param allowStale answer from what this server knows, without asking whether it is the latest
///     (`dns_config.allow_stale`; true); if false, nothing is answered while there is no leader
public record DnsConfig(
    String datacenter,
    String domain,
    Optional<String> altDomain,
    Ttls ttls,
    Answering answering,
    Soa soa,
    Recursion recursion,
    boolean allowStale,
    Limits limits) {

  /// @throws IllegalArgumentException if a domain is not a name in DNS; says which
  public DnsConfig {
    datacenter = datacenter.toLowerCase(Locale.ROOT);
    domain = DnsName.domain(domain);
    altDomain = altDomain.filter(it -> !it.isEmpty()).map(DnsName::domain);
  }

  /// How long others may keep an answer, in whole seconds.
  ///
  /// @param node answers about nodes and addresses (`dns_config.node_ttl`; 0)
  /// @param services answers about services, by name, by `prefix*`, or `*` for all others;
  ///     the most specific holds (`dns_config.service_ttl`; none, which is 0); without regard to
  ///     case
  public record Ttls(Duration node, Map<String, Duration> services) {
    public Ttls {
      Map<String, Duration> lowered = new HashMap<>();
      services.forEach((name, ttl) -> lowered.put(name.toLowerCase(Locale.ROOT), ttl));
      services = Map.copyOf(lowered);
    }

    Duration of(String service) {
      String name = service.toLowerCase(Locale.ROOT);
      Duration exact = services.get(name);
      if (exact != null) {
        return exact;
      }
      for (int length = name.length(); length >= 0; length--) {
        Duration byPrefix = services.get(name.substring(0, length) + "*");
        if (byPrefix != null) {
          return byPrefix;
        }
      }
      return Duration.ZERO;
    }
  }

  /// What goes into an answer.
  ///
  /// @param onlyPassing leave out instances with a warning, too (`dns_config.only_passing`;
  ///     false)
  /// @param nodeMeta say a node's metadata beside its address, as TXT
  ///     (`dns_config.enable_additional_node_meta_txt`; true)
  /// @param addressesMax how many addresses a service's A or AAAA answer holds
  ///     (`dns_config.a_record_limit`; 0: all that fit)
  /// @param udpAnswersMax how many records a UDP answer holds for who has no EDNS, at most 8
  ///     (`dns_config.udp_answer_limit`; 3)
  /// @param saysTruncated set TC where records were left out, so that the client asks again
  ///     by TCP (`dns_config.enable_truncate`; false)
  /// @param compressesNames say each name once only (not `dns_config.disable_compression`; true)
  public record Answering(
      boolean onlyPassing,
      boolean nodeMeta,
      int addressesMax,
      int udpAnswersMax,
      boolean saysTruncated,
      boolean compressesNames) {

    /// @throws IllegalArgumentException if a count is negative
    public Answering {
      atLeastNothing("dns_config.a_record_limit", addressesMax);
      atLeastNothing("dns_config.udp_answer_limit", udpAnswersMax);
    }

    private static void atLeastNothing(String key, int count) {
      if (count < 0) {
        throw new IllegalArgumentException(
            key + " cannot be %d: it counts records".formatted(count));
      }
    }
  }

  /// What other name servers are told about the domain, in whole seconds (`dns_config.soa`).
  ///
  /// @param refresh `refresh`; 3600
  /// @param retry `retry`; 600
  /// @param expire `expire`; 86400
  /// @param minTtl how long others may remember that something does not exist (`min_ttl`; 0)
  public record Soa(Duration refresh, Duration retry, Duration expire, Duration minTtl) {}

  /// Who is asked for names that are not ours.
  ///
  /// @param recursors name servers, tried until one knows (`recursors`; none: such names are
  ///     refused)
  /// @param strategy in which order (`dns_config.recursor_strategy`; sequential)
  /// @param timeout how long each may take (`dns_config.recursor_timeout`; 2 s)
  public record Recursion(
      List<InetSocketAddress> recursors, RecursorStrategy strategy, Duration timeout) {
    public Recursion {
      recursors = List.copyOf(recursors);
    }
  }

  /// In which order recursors are asked.
  public enum RecursorStrategy {
    /// As configured.
    SEQUENTIAL,
    /// Another order each time.
    RANDOM
  }

  /// What the server bears before it sheds load. Not settings of Consul's.
  ///
  /// @param queriesMax answered at the same time; further datagrams are dropped (2,048)
  /// @param recursionsMax of them, waiting for a recursor; further ones fail (512)
  /// @param connectionsMax by TCP; for a further one the longest idle is closed (1,024)
  /// @param connectionsPerClientMax of one address; further ones are closed at once (64)
  /// @param queriesPerConnectionMax answered at the same time for one connection; it is not read
  ///     meanwhile (32)
  /// @param idleTimeout how long a connection may take for its next query, or to read an answer
  ///     (10 s)
  public record Limits(
      int queriesMax,
      int recursionsMax,
      int connectionsMax,
      int connectionsPerClientMax,
      int queriesPerConnectionMax,
      Duration idleTimeout) {}

  /// Consul's defaults.
  public static DnsConfig defaults() {
    return new DnsConfig(
        "dc1",
        "consul.",
        Optional.empty(),
        new Ttls(Duration.ZERO, Map.of()),
        new Answering(false, true, 0, 3, false, true),
        new Soa(
            Duration.ofSeconds(3600),
            Duration.ofSeconds(600),
            Duration.ofSeconds(86_400),
            Duration.ZERO),
        new Recursion(List.of(), RecursorStrategy.SEQUENTIAL, Duration.ofSeconds(2)),
        true,
        new Limits(2048, 512, 1024, 64, 32, Duration.ofSeconds(10)));
  }

  public DnsConfig withDatacenter(String newDatacenter) {
    return new DnsConfig(
        newDatacenter, domain, altDomain, ttls, answering, soa, recursion, allowStale, limits);
  }

  public DnsConfig withDomains(String newDomain, Optional<String> newAltDomain) {
    return new DnsConfig(
        datacenter, newDomain, newAltDomain, ttls, answering, soa, recursion, allowStale, limits);
  }

  public DnsConfig withTtls(Ttls newTtls) {
    return new DnsConfig(
        datacenter, domain, altDomain, newTtls, answering, soa, recursion, allowStale, limits);
  }

  public DnsConfig withAnswering(Answering newAnswering) {
    return new DnsConfig(
        datacenter, domain, altDomain, ttls, newAnswering, soa, recursion, allowStale, limits);
  }

  public DnsConfig withRecursion(Recursion newRecursion) {
    return new DnsConfig(
        datacenter, domain, altDomain, ttls, answering, soa, newRecursion, allowStale, limits);
  }

  public DnsConfig withAllowStale(boolean allows) {
    return new DnsConfig(
        datacenter, domain, altDomain, ttls, answering, soa, recursion, allows, limits);
  }

  public DnsConfig withLimits(Limits newLimits) {
    return new DnsConfig(
        datacenter, domain, altDomain, ttls, answering, soa, recursion, allowStale, newLimits);
  }
}
