package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.FilesConfig;
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

  /// @param disk where files are looked for
  /// @param counters what the balancer says about itself
  public Steps(Disk disk, Counters counters) {
    this.disk = disk;
    this.counters = counters;
  }

  /// The steps that a location needs; none that it does not.
  ///
  /// @param locations makes the locations that hold within an `if`
  public Step[] of(LocationConfig config, Function<LocationConfig, Location> locations) {
    List<Step> steps = new ArrayList<>();
    if (!config.instructions().isEmpty()) {
      steps.add(new Rewriting(config.instructions(), locations));
    }
    addContent(config.content(), config.match(), steps);
    return steps.toArray(Step[]::new);
  }

  /// The steps that all requests of a virtual server take before their location is looked for, and
  /// then those of requests for which there is none.
  ///
  /// @param locations makes the locations that hold within an `if`
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
}
