package dev.muster.balancer.config;

import java.util.List;
import org.slf4j.event.Level;

/// How many requests a location takes of each key.
///
/// @param requests how often (`limit_req`)
/// @param requestReply what those beyond get
/// @param connections how many at a time (`limit_conn`)
/// @param connectionReply what those beyond get
public record LimitsConfig(
    List<Requests> requests,
    Reply requestReply,
    List<Connections> connections,
    Reply connectionReply) {

  /// `limit_req zone=… [burst=…] [nodelay|delay=…]`.
  ///
  /// @param zone whose rate and key count
  /// @param burst requests beyond the rate that are not refused
  /// @param delay of those, how many are not delayed either; as large as can be for `nodelay`
  public record Requests(String zone, int burst, int delay) {}

  /// `limit_conn zone number`.
  ///
  /// @param zone whose key counts
  /// @param most requests in work at a time
  public record Connections(String zone, int most) {}

  /// What happens to those beyond a limit.
  ///
  /// @param status of the answer (`limit_req_status`, `limit_conn_status`), 400 to 599
  /// @param level their log lines have; delays are one level below
  /// @param isDryRun whether they are only counted and logged
  public record Reply(int status, Level level, boolean isDryRun) {
    /// 503.
    public static Reply defaults() {
      return new Reply(503, Level.ERROR, false);
    }
  }

  /// Copies what it is given.
  public LimitsConfig {
    requests = List.copyOf(requests);
    connections = List.copyOf(connections);
  }

  /// No limits.
  public static LimitsConfig none() {
    return new LimitsConfig(List.of(), Reply.defaults(), List.of(), Reply.defaults());
  }
}
