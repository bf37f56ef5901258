package dev.muster.balancer.config;

import dev.muster.balancer.variable.Template;

/// A table of what was counted by a key, shared by locations and loops. It outlives a change of
/// configuration if its key and size stay.
public sealed interface ZoneConfig {
  /// What is counted apart; requests for which it is empty are not counted.
  Template key();

  /// How much memory its entries may take, in octets; the one not used for longest makes room.
  long bytesMax();

  /// `limit_req_zone key zone=name:size rate=rate`.
  ///
  /// @param ratePerKilosecond requests in a thousand seconds
  record Requests(Template key, long bytesMax, long ratePerKilosecond) implements ZoneConfig {}

  /// `limit_conn_zone key zone=name:size`.
  record Connections(Template key, long bytesMax) implements ZoneConfig {}
}
