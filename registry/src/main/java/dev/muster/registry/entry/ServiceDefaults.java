package dev.muster.registry.entry;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What all instances of a service have in common: above all the protocol they speak.
///
/// @param protocol in lower case; empty: as the proxy defaults say, else `tcp`
public record ServiceDefaults(
    @Shown String name,
    @Shown String protocol,
    @Inlined ProxySettings proxy,
    String externalSni,
    @Nullable Upstreams upstreamConfig,
    @Nullable Destination destination,
    @Inlined Inbound inbound,
    Map<String, String> meta)
    implements ConfigEntry {

  /// How the service calls others.
  public record Upstreams(List<Upstream> overrides, @Nullable Upstream defaults) {
    public Upstreams {
      overrides = Copies.of(overrides);
    }
  }

  /// Where the service is, if it is outside.
  public record Destination(List<String> addresses, int port) {
    public Destination {
      addresses = Copies.of(addresses);
    }
  }

  /// How the service is called.
  public record Inbound(
      int maxInboundConnections,
      int localConnectTimeoutMs,
      int localRequestTimeoutMs,
      String balanceInboundConnections) {}

  public ServiceDefaults {
    meta = Copies.of(meta);
  }

  @Override
  public ServiceDefaults normalized() {
    Upstreams upstreams = upstreamConfig;
    if (upstreams != null) {
      upstreams =
          new Upstreams(
              upstreams.overrides().stream().map(Upstream::normalized).toList(),
              upstreams.defaults() == null ? null : upstreams.defaults().normalized());
    }
    return new ServiceDefaults(
        name,
        protocol.toLowerCase(Locale.ROOT),
        proxy,
        externalSni,
        upstreams,
        destination,
        inbound,
        meta);
  }

  @Override
  public void check() throws InvalidEntry {
    InvalidEntry.unless(!name.isEmpty(), "Name is required");
    InvalidEntry.unless(
        !name.equals("*"),
        "service-defaults name must be the name of a service, and not a wildcard");
    Copies.checkMeta(meta);
    proxy.check();
    Upstream.checkBalance("balance_inbound_connections", inbound.balanceInboundConnections());
    InvalidEntry.unless(
        upstreamConfig == null || destination == null,
        "UpstreamConfig and Destination are mutually exclusive for service defaults");
    if (upstreamConfig != null) {
      checkUpstreams(upstreamConfig);
    }
    if (destination != null) {
      checkDestination(destination);
    }
  }

  private static void checkUpstreams(Upstreams upstreams) throws InvalidEntry {
    for (Upstream override : upstreams.overrides()) {
      try {
        override.check(true);
      } catch (InvalidEntry e) {
        throw new InvalidEntry(
            "error in upstream override for %s: %s".formatted(override.name(), e.reason()));
      }
    }
    if (upstreams.defaults() != null) {
      try {
        upstreams.defaults().check(false);
      } catch (InvalidEntry e) {
        throw new InvalidEntry("error in upstream defaults: " + e.reason());
      }
    }
  }

  private static void checkDestination(Destination destination) throws InvalidEntry {
    InvalidEntry.unless(
        !destination.addresses().isEmpty(), "Destination must contain at least one valid address");
    Set<String> seen = new HashSet<>();
    for (String address : destination.addresses()) {
      InvalidEntry.unless(seen.add(address), "Duplicate address '%s' is not allowed", address);
      InvalidEntry.unless(
          address.matches("[A-Za-z0-9._:%-]{1,253}"),
          "Destination address '%s' is invalid Could not validate address %s as an IP or Hostname",
          address,
          address);
    }
    InvalidEntry.unless(
        destination.port() >= 1 && destination.port() <= 65_535,
        "Invalid Port number %d",
        destination.port());
  }

  @Override
  public List<String> references() {
    return List.of();
  }
}
