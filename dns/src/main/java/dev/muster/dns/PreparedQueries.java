package dev.muster.dns;

import dev.muster.registry.View;
import dev.muster.registry.catalog.Instance;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Runs prepared queries for names such as `nearest-db.query.consul`. Called from many threads;
/// must not block.
@FunctionalInterface
public interface PreparedQueries {

  /// What a prepared query gave.
  ///
  /// @param service name of the service, for its time to live if `ttl` is empty
  /// @param instances those that may be used; none: the name does not exist
  /// @param isOrdered whether the best come first; otherwise they are shuffled by weight
  /// @param ttl of the query itself
  record Execution(
      String service, List<Instance> instances, boolean isOrdered, Optional<Duration> ttl) {
    public Execution {
      instances = List.copyOf(instances);
    }
  }

  /// Runs a query on what is known.
  ///
  /// @param nameOrId in lower case
  /// @param client who wants to know: the client, or the network its resolver asks for
  /// @return empty if there is no such query
  Optional<Execution> execute(View view, String nameOrId, InetAddress client);
}
