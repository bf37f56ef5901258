package dev.muster.balancer.proxy;

import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.upstream.Cluster;

/// What clients are told when nobody could answer them.
final class Failures {
  private Failures() {}

  static int status(Failure why, Cluster cluster) {
    return switch (why) {
      case NO_INSTANCE -> cluster.emptyStatus();
      case CONNECT, UPSTREAM_CLOSED, UPSTREAM_INVALID -> 502;
      case UPSTREAM_TIMEOUT -> 504;
      case REFUSED, NO_ROUTE, CLIENT_TIMEOUT, CLIENT_CLOSED ->
          throw new IllegalStateException(why.name());
    };
  }

  static String sentence(Failure why, Cluster cluster) {
    String service = cluster.name();
    return switch (why) {
      case NO_INSTANCE -> service + " has no passing instance";
      case CONNECT -> "no instance of " + service + " accepts connections";
      case UPSTREAM_CLOSED -> "the instance of " + service + " closed the connection";
      case UPSTREAM_TIMEOUT -> "the instance of " + service + " did not answer in time";
      case UPSTREAM_INVALID -> "the instance of " + service + " did not answer in HTTP";
      case REFUSED, NO_ROUTE, CLIENT_TIMEOUT, CLIENT_CLOSED ->
          throw new IllegalStateException(why.name());
    };
  }
}
