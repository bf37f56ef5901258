package dev.muster.balancer.pipeline;

import io.netty.channel.EventLoop;

/// The request's way through the steps, as a step sees it. On the loop of the client only.
public interface Turn {
  /// What a step that waited says in the end; does nothing if the client has left meanwhile.
  void resume(Verdict verdict);

  /// Where to schedule.
  EventLoop loop();

  /// Runs an action when the request is over, however it ends.
  void atEnd(Runnable action);
}
