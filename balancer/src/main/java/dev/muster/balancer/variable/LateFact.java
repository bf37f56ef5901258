package dev.muster.balancer.variable;

/// What is noted of a request only where a text asks for it, because it costs a copy.
public enum LateFact {
  /// The header lines of the answer, see [dev.muster.balancer.request.Request#sent].
  SENT_HEADERS,
  /// The header lines that an instance answered with, see
  /// [dev.muster.balancer.request.Request#received].
  RECEIVED_HEADERS
}
