package dev.muster.balancer.proxy;

import dev.muster.balancer.dispatch.Algorithm;
import dev.muster.balancer.dispatch.Choice;
import dev.muster.balancer.dispatch.Picker;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.upstream.Instance;
import dev.muster.balancer.upstream.Membership;
import dev.muster.balancer.upstream.Rules;
import dev.muster.balancer.upstream.Target;
import dev.muster.balancer.upstream.Tries;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The choice of an instance. Reused for every request of a loop; of that loop.
final class Pick implements Choice {
  private final int loop;
  private final RandomGenerator random;
  private final HeadWriter key = new HeadWriter();

  /// Who turned out not to be available during this pick.
  private final BitSet barred = new BitSet();

  private Membership membership;
  private @Nullable Tries tries;
  private long hash;
  private long now;
  private boolean takesEjected;

  Pick(int loop, RandomGenerator random, Membership empty) {
    this.loop = loop;
    this.random = random;
    this.membership = empty;
  }

  /// What hashing makes of a request; to be asked while its head is there.
  long hash(Request request, Rules rules) {
    Algorithm algorithm = rules.policy().algorithm();
    if (!algorithm.isHashing()) {
      return 0;
    }
    key.clear();
    if (rules.key().isPresent()) {
      rules.key().get().write(request, key);
    } else {
      key.write(request.client().remote().getAddress().getAddress());
    }
    return algorithm.hash(key.bytes(), 0, key.length());
  }

  /// Chooses, and counts the request in.
  ///
  /// @param preferred the index of one that is taken if it can be, or -1
  /// @return the index, [Picker#NONE] or [Picker#FULL]
  int pick(Membership from, @Nullable Tries tried, long hashed, long time, int preferred) {
    membership = from;
    tries = tried;
    hash = hashed;
    now = time;
    takesEjected = false;
    if (!barred.isEmpty()) {
      barred.clear();
    }
    if (preferred >= 0) {
      if (begin(preferred)) {
        return preferred;
      }
      // It may still be better than nobody.
      barred.clear(preferred);
    }
    Picker picker = from.members().picker(loop);
    boolean isFull = false;
    while (true) {
      int index = picker.pick(this);
      if (index >= 0) {
        if (begin(index)) {
          return index;
        }
        isFull = true;
      } else if (index == Picker.FULL || isFull) {
        return Picker.FULL;
      } else if (takesEjected) {
        return Picker.NONE;
      } else {
        // Who failed a moment ago is better than nobody.
        takesEjected = true;
      }
    }
  }

  /// Counts the request in at one member, or bars it from this pick.
  private boolean begin(int index) {
    Target target = membership.targets().get(index);
    Instance instance = target.instance();
    if ((takesEjected || instance.ejection().tryBegin(now))
        && instance.load().tryBegin(target.member().maxConnections())) {
      return true;
    }
    barred.set(index);
    return false;
  }

  @Override
  public boolean isEligible(int index) {
    Instance instance = membership.targets().get(index).instance();
    return !barred.get(index)
        && (tries == null || !tries.contains(instance))
        && (takesEjected || !instance.ejection().isEjected(now));
  }

  @Override
  public long hash() {
    return hash;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }
}
