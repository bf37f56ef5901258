package dev.muster.balancer.pipeline;

import dev.muster.balancer.request.Request;

/// A step that lets a request pass or refuses it (nginx's access phase).
interface Check extends Step {
  /// Whether it has anything to say about a request; if not, it neither permits nor refuses.
  boolean concerns(Request request);
}
