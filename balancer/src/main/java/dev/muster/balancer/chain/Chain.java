package dev.muster.balancer.chain;

import dev.muster.balancer.config.ChainConfig;
import dev.muster.balancer.config.ChainConfig.Destination;
import dev.muster.balancer.config.ChainConfig.Route;
import dev.muster.balancer.config.ChainConfig.Split;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Step;
import dev.muster.balancer.pipeline.Turn;
import dev.muster.balancer.pipeline.Verdict;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.upstream.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Decides which cluster gets a request to a service: the first route that matches, one of its
/// splits, the first of that one's clusters that has somebody. Immutable; nothing is built while a
/// request is decided.
public final class Chain implements Step {
  private final Way[] ways;
  private final Verdict nowhere;

  /// Makes the end of a way: how requests reach a cluster.
  @FunctionalInterface
  public interface Ending {
    /// A location without steps that passes requests on to the cluster.
    Location to(Cluster cluster, Route route, Destination destination);
  }

  /// A route, ready.
  private static final class Way {
    final RequestTest test;
    final Shares shares;
    final End[] ends;

    Way(RequestTest test, Shares shares, End[] ends) {
      this.test = test;
      this.shares = shares;
      this.ends = ends;
    }
  }

  /// Where a split leads.
  private static final class End {
    final Cluster[] clusters;
    final Verdict[] verdicts;
    final Verdict nobody;

    End(Cluster[] clusters, Verdict[] verdicts, Verdict nobody) {
      this.clusters = clusters;
      this.verdicts = verdicts;
      this.nobody = nobody;
    }

    Verdict verdict() {
      for (int i = 0; i < clusters.length; i++) {
        if (clusters[i].membership().isServing()) {
          return verdicts[i];
        }
      }
      return nobody;
    }
  }

  private Chain(Way[] ways, Verdict nowhere) {
    this.ways = ways;
    this.nowhere = nowhere;
  }

  /// Makes one ready.
  ///
  /// @param clusters by name, for the upstreams of its destinations
  /// @param chance what decides for clients that are not bound yet
  public static Chain of(
      ChainConfig config, Function<String, Cluster> clusters, Ending ending, Chance chance) {
    List<Way> ways = new ArrayList<>();
    for (Route route : config.routes()) {
      End[] ends =
          route.splits().stream()
              .map(split -> end(config.service(), route, split, clusters, ending))
              .toArray(End[]::new);
      ways.add(
          new Way(
              RequestTest.of(route.match()),
              new Shares(config.service(), route.splits(), route.binding(), chance),
              ends));
    }
    return new Chain(
        ways.toArray(Way[]::new),
        Verdict.Answer.of(404, "no route of " + config.service() + " is for this request"));
  }

  private static End end(
      String service, Route route, Split split, Function<String, Cluster> clusters, Ending ending) {
    Destination to = split.to();
    Cluster[] found = to.upstreams().stream().map(clusters).toArray(Cluster[]::new);
    Verdict[] verdicts = new Verdict[found.length];
    for (int i = 0; i < found.length; i++) {
      verdicts[i] = new Verdict.In(ending.to(found[i], route, to));
    }
    String who = found.length == 0 ? service : found[0].name();
    return new End(found, verdicts, Verdict.Answer.of(503, who + " has no passing instance"));
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    for (Way way : ways) {
      if (way.test.holds(request)) {
        return way.ends[way.shares.draw(request)].verdict();
      }
    }
    return nowhere;
  }
}
