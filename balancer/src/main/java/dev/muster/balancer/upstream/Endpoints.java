package dev.muster.balancer.upstream;

import java.util.List;

/// The port through which whoever knows the instances tells the balancer what is where and how
/// healthy. Thread-safe; effective when the call returns. Requests in flight finish where they are.
public interface Endpoints {
  /// Replaces all instances of a service; an empty list means the service is gone.
  void replace(String service, List<Endpoint> endpoints);
}
