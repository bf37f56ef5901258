package dev.muster.balancer.config;

/// What answers the requests of a location.
public sealed interface Content {
  /// An instance of an upstream (`proxy_pass`).
  ///
  /// @param proxy how it is asked
  record Proxy(ProxyConfig proxy) implements Content {}

  /// Nothing does: 404, if the instructions do not answer.
  record Nothing() implements Content {}
}
