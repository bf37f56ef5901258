package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.AccessConfig;
import dev.muster.balancer.config.AccessConfig.LimitExcept;
import dev.muster.balancer.config.AccessConfig.Permission;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.FilesConfig;
import dev.muster.balancer.config.LimitsConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.file.Disk;
import dev.muster.balancer.file.FileTree;
import dev.muster.balancer.observe.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The order in which a location's requests are worked on, read from top to bottom (nginx's
/// phases).
public final class Steps {
  private final Disk disk;
  private final Counters counters;
  private final Shared shared;

  /// @param disk where files are looked for
  /// @param counters what the balancer says about itself
  /// @param shared what locations have in common: zones of limits, files of passwords
  public Steps(Disk disk, Counters counters, Shared shared) {
    this.disk = disk;
    this.counters = counters;
    this.shared = shared;
  }

  /// The steps that a location needs; none that it does not.
  ///
  /// @param locations makes the locations that hold within an `if`
  /// @throws IllegalArgumentException naming a zone that does not exist
  public Step[] of(LocationConfig config, Function<LocationConfig, Location> locations) {
    List<Step> steps = new ArrayList<>();
    config
        .access()
        .permission()
        .except()
        .ifPresent(except -> steps.add(exceptMethods(except, config, locations)));
    if (!config.instructions().isEmpty()) {
      steps.add(new Rewriting(config.instructions(), locations));
    }
    addAccess(config.access(), steps);
    addContent(config.content(), config.match(), steps);
    return steps.toArray(Step[]::new);
  }

  /// The steps that all requests of a virtual server take before their location is looked for, and
  /// then those of requests for which there is none.
  ///
  /// @param locations makes the locations that hold within an `if`
  /// @throws IllegalArgumentException naming a zone that does not exist
  public Step[] ofServer(ServerConfig config, Function<LocationConfig, Location> locations) {
    List<Step> steps = new ArrayList<>();
    config.requests().realIp().ifPresent(realIp -> steps.add(new FindingClient(realIp)));
    steps.addAll(List.of(of(config.root(), locations)));
    return steps.toArray(Step[]::new);
  }

  private void addContent(Content content, LocationConfig.Match match, List<Step> steps) {
    switch (content) {
      case Content.Tried(FilesConfig files, FilesConfig.Tries tries, Content then) -> {
        steps.add(new TryFiles(new FileTree(disk, files, match), tries));
        addContent(then, match, steps);
      }
      case Content.Files(FilesConfig files) ->
          steps.add(new StaticFiles(new FileTree(disk, files, match)));
      case Content.StubStatus _ -> steps.add(new StubStatus(counters));
      case Content.EmptyGif _ -> steps.add(new EmptyGif());
      case Content.Proxy _, Content.Chain _, Content.Nothing _ -> {
        // an instance answers, or nobody does
      }
    }
  }

  // Limits before permissions: an attempt at a password counts too.
  private void addAccess(AccessConfig access, List<Step> steps) {
    LimitsConfig limits = access.limits();
    if (!limits.requests().isEmpty()) {
      steps.add(new LimitingRequests(limits, shared.zones()));
    }
    if (!limits.connections().isEmpty()) {
      steps.add(new LimitingConnections(limits, shared.zones()));
    }
    List<Check> checks = checks(access.permission());
    if (access.permission().satisfiesAny() && checks.size() > 1) {
      steps.add(new AnyOf(checks));
    } else {
      steps.addAll(checks);
    }
  }

  private List<Check> checks(Permission permission) {
    List<Check> checks = new ArrayList<>();
    if (!permission.addresses().isEmpty()) {
      checks.add(new CheckingAddress(permission.addresses()));
    }
    permission
        .basic()
        .ifPresent(basic -> checks.add(new CheckingPassword(basic, shared.credentials())));
    return checks;
  }

  private static Step exceptMethods(
      LimitExcept except, LocationConfig config, Function<LocationConfig, Location> locations) {
    LocationConfig others = config.with(config.access().with(except.permission()));
    return new ExceptMethods(except.methods(), locations.apply(others));
  }
}
