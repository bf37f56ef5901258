package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The order in which a location's requests are worked on, read from top to bottom (nginx's
/// phases).
public final class Steps {
  private Steps() {}

  /// The steps that a location needs; none that it does not.
  ///
  /// @param locations makes the locations that hold within an `if`
  public static Step[] of(LocationConfig config, Function<LocationConfig, Location> locations) {
    List<Step> steps = new ArrayList<>();
    if (!config.instructions().isEmpty()) {
      steps.add(new Rewriting(config.instructions(), locations));
    }
    return steps.toArray(Step[]::new);
  }

  /// The steps that all requests of a virtual server take before their location is looked for.
  ///
  /// @param locations makes the locations that hold within an `if`
  public static Step[] ofServer(ServerConfig config, Function<LocationConfig, Location> locations) {
    List<Step> steps = new ArrayList<>();
    config.requests().realIp().ifPresent(realIp -> steps.add(new FindingClient(realIp)));
    steps.addAll(List.of(of(config.root(), locations)));
    return steps.toArray(Step[]::new);
  }
}
