package dev.muster.balancer.pipeline;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.request.Request;

/// How the head of a request is written for an instance. Stateless; one per location.
public interface Forwarding {
  /// Puts the head together in `out`, which is empty; its path starts after the method and a space.
  ///
  /// @param isWebSocket whether the connection is asked to become a WebSocket
  void write(Request request, boolean isWebSocket, HeadWriter out);
}
