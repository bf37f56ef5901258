package dev.muster.registry.entry;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How one service calls another, or by default all others.
public record Upstream(
    String name,
    String envoyListenerJson,
    String envoyClusterJson,
    String protocol,
    int connectTimeoutMs,
    @Nullable Limits limits,
    @Nullable PassiveHealthCheck passiveHealthCheck,
    ProxySettings.MeshGateway meshGateway,
    String balanceOutboundConnections) {

  /// How much at once; null: no bound.
  public record Limits(
      @Nullable Integer maxConnections,
      @Nullable Integer maxPendingRequests,
      @Nullable Integer maxConcurrentRequests) {}

  /// When an instance that fails is left alone for a while.
  public record PassiveHealthCheck(
      Duration interval,
      long maxFailures,
      @Nullable Long enforcingConsecutive5xx,
      @Nullable Long maxEjectionPercent,
      @Nullable Duration baseEjectionTime) {
    void check() throws InvalidEntry {
      InvalidEntry.unless(
          !interval.isNegative(), "passive health check interval cannot be negative");
    }
  }

  public Upstream {
    meshGateway = meshGateway == null ? ProxySettings.MeshGateway.NONE : meshGateway;
  }

  Upstream normalized() {
    return new Upstream(
        name,
        envoyListenerJson,
        envoyClusterJson,
        protocol.toLowerCase(Locale.ROOT),
        Math.max(0, connectTimeoutMs),
        limits,
        passiveHealthCheck,
        meshGateway,
        balanceOutboundConnections);
  }

  void check(boolean isNamed) throws InvalidEntry {
    if (isNamed) {
      InvalidEntry.unless(!name.isEmpty(), "Name is required");
      InvalidEntry.unless(!name.equals("*"), "Wildcard name is not supported");
    } else {
      InvalidEntry.unless(name.isEmpty(), "Name must be empty");
    }
    if (passiveHealthCheck != null) {
      passiveHealthCheck.check();
    }
    if (limits != null) {
      checkLimit("max connections", limits.maxConnections());
      checkLimit("max pending requests", limits.maxPendingRequests());
      checkLimit("max concurrent requests", limits.maxConcurrentRequests());
    }
    ProxySettings.checkMeshGateway(meshGateway);
    checkBalance("balance_outbound_connections", balanceOutboundConnections);
  }

  private static void checkLimit(String what, @Nullable Integer limit) throws InvalidEntry {
    InvalidEntry.unless(limit == null || limit >= 0, "%s cannot be negative", what);
  }

  static void checkBalance(String field, String value) throws InvalidEntry {
    InvalidEntry.unless(
        Set.of("", "exact_balance").contains(value), "invalid value for %s: %s", field, value);
  }
}
