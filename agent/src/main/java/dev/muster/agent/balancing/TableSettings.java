package dev.muster.agent.balancing;

import java.time.Duration;

/// How the registry's knowledge is turned into routes.
///
/// @param datacenter the registry's own
/// @param address that ingress gateways listen on
/// @param takesWarned whether instances with a warning take new traffic
/// @param drain how long what is bound to a draining instance may stay
/// @param lossPercentMax how many of a hundred instances may be missing at once before the last
///     good ones are kept
/// @param kept how long they are kept; zero for never
public record TableSettings(
    String datacenter,
    String address,
    boolean takesWarned,
    Duration drain,
    int lossPercentMax,
    Duration kept) {
  /// The defaults of the keys.
  public static TableSettings of(String datacenter, String address) {
    return new TableSettings(
        datacenter, address, false, Duration.ofSeconds(60), 50, Duration.ofMinutes(5));
  }
}
