package dev.muster.balancer.route;

/// Where a route that services ask for by tags applies.
///
/// @param host in lower case; `*.suffix` for every host below it, empty for all hosts
/// @param path a path prefix without a slash at its end, empty for all paths
record RouteKey(String host, String path) {
  @Override
  public String toString() {
    return host + (path.isEmpty() ? "/" : path);
  }
}
