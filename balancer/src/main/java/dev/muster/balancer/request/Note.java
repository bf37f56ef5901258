package dev.muster.balancer.request;

/// What a step may note about a request for variables and logs.
public enum Note {
  /// `$limit_req_status`.
  LIMIT_REQ_STATUS,
  /// `$limit_conn_status`.
  LIMIT_CONN_STATUS
}
