package dev.muster.balancer.chain;

import dev.muster.balancer.config.ChainConfig.Binding;
import dev.muster.balancer.config.ChainConfig.Split;
import dev.muster.balancer.request.Request;
import java.util.List;

/// Which split a request gets. Splits lie side by side on a line of 10,000 places in their order,
/// and a client keeps its place: when the first split's share grows, clients only move to it, none
/// to and fro. Immutable.
final class Shares {
  static final int PLACES = 10_000;

  private final int[] ends;
  private final int sum;
  private final long salt;
  private final Binding binding;
  private final Chance chance;

  /// @param service whose places are not those that the client has with other services
  Shares(String service, List<Split> splits, Binding binding, Chance chance) {
    this.ends = new int[splits.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += splits.get(i).weight();
      ends[i] = end;
    }
    this.sum = end;
    this.salt = Chance.mix(service.hashCode());
    this.binding = binding;
    this.chance = chance;
  }

  /// The index of the request's split.
  int draw(Request request) {
    if (ends.length == 1 || sum == 0) {
      return 0;
    }
    return at(Chance.mix(client(request) ^ salt));
  }

  private long client(Request request) {
    return switch (binding) {
      case COOKIE -> {
        long known = SplitCookie.of(request);
        yield known >= 0 ? known : SplitCookie.fresh(chance.of(request));
      }
      case ADDRESS -> request.client().address().hashCode();
      case NONE -> chance.of(request);
    };
  }

  /// The split at the place of a number.
  int at(long number) {
    long place = Long.remainderUnsigned(number, sum);
    int split = 0;
    while (place >= ends[split]) {
      split++;
    }
    return split;
  }
}
