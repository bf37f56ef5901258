package dev.muster.cli.lock;

import java.time.Duration;

/// How long each wait of the protocols is.
///
/// @param sessionTtl the session ends this long after its last renewal, at the earliest
/// @param blocking one question for a change waits so long
/// @param lockDelay the pause before asking again when nobody holds it and still it is refused
/// @param monitorRetry the pause before asking again after an answer that was none
/// @param childGrace what a child gets between SIGTERM and SIGKILL
record Times(
    Duration sessionTtl,
    Duration blocking,
    Duration lockDelay,
    Duration monitorRetry,
    Duration childGrace) {

  /// Those of Consul's own clients.
  static final Times USUAL =
      new Times(
          Duration.ofSeconds(15),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));
}
