package dev.muster.balancer.dispatch;

/// One algorithm over one pool, for one event loop.
interface Strategy {
  int NOBODY = -1;

  /// The slot of the chosen member or [#NOBODY]. A dry pick changes nothing, so that the next one
  /// is what it would have been.
  int pick(Choice choice, boolean isDry);
}
