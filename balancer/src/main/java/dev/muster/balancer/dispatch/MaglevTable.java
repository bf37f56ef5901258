package dev.muster.balancer.dispatch;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Google's Maglev (Eisenbud et al., NSDI 2016, section 3.4): every member lists all entries of a
/// table in an order of its own, and in turns, by weight, each takes the next free entry of its
/// list. Shares are almost exact, and a change of members moves little more than it must. Depends
/// on keys and weights only, not on their order, so that all balancers agree.
final class MaglevTable implements KeyTable {
  private static final int ENTRIES_MIN = 65_537;
  private static final int ENTRIES_PER_MEMBER = 100;

  private final KeyTable.Basis basis;

  /// By entry.
  private final int[] slots;

  private MaglevTable(KeyTable.Basis basis, int[] slots) {
    this.basis = basis;
    this.slots = slots;
  }

  static MaglevTable of(KeyTable.Basis basis) {
    int members = basis.keys.length;
    int size = prime(Math.max(ENTRIES_MIN, members * ENTRIES_PER_MEMBER));
    int[] order =
        IntStream.range(0, members)
            .boxed()
            .sorted(Comparator.comparing(slot -> basis.keys[slot]))
            .mapToInt(Integer::intValue)
            .toArray();
    int weightMax = Arrays.stream(basis.weights).max().orElse(1);
    int[] next = new int[members];
    int[] skip = new int[members];
    for (int slot = 0; slot < members; slot++) {
      long hash = Hashes.mixed(basis.keys[slot]);
      next[slot] = (int) Long.remainderUnsigned(hash, size);
      skip[slot] = (int) Long.remainderUnsigned(Hashes.mix(hash + 1), size - 1) + 1;
    }
    int[] slots = new int[size];
    Arrays.fill(slots, Strategy.NOBODY);
    double[] credits = new double[members];
    int filled = 0;
    while (filled < size) {
      for (int i = 0; i < members && filled < size; i++) {
        int slot = order[i];
        credits[slot] += (double) basis.weights[slot] / weightMax;
        if (credits[slot] < 1) {
          continue;
        }
        credits[slot] -= 1;
        while (slots[next[slot]] >= 0) {
          next[slot] = (int) (((long) next[slot] + skip[slot]) % size);
        }
        slots[next[slot]] = slot;
        filled++;
      }
    }
    return new MaglevTable(basis, slots);
  }

  private static int prime(int least) {
    int candidate = least | 1;
    while (!isPrime(candidate)) {
      candidate += 2;
    }
    return candidate;
  }

  private static boolean isPrime(int odd) {
    for (int divisor = 3; (long) divisor * divisor <= odd; divisor += 2) {
      if (odd % divisor == 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public KeyTable.Basis basis() {
    return basis;
  }

  @Override
  public Algorithm algorithm() {
    return Algorithm.MAGLEV;
  }

  @Override
  public Strategy strategy(Pool pool, Turns turns, double loadFactor) {
    var bound = new LoadBound(pool, loadFactor);
    return (choice, isDry) -> pick(pool, turns, bound, choice, isDry);
  }

  /// A key whose home may not be taken goes to other entries that depend on it alone, so that a
  /// lost member's keys are spread over all others.
  private int pick(Pool pool, Turns turns, LoadBound bound, Choice choice, boolean isDry) {
    long hash = choice.hash();
    if (hash == 0) {
      return turns.pick(choice, isDry);
    }
    bound.count(choice);
    for (int probes = 4 * pool.size() + 4; probes > 0; probes--) {
      int slot = slots[(int) Long.remainderUnsigned(hash, slots.length)];
      if (pool.isOpen(slot, choice) && bound.allows(slot)) {
        return slot;
      }
      hash = Hashes.mix(hash + 1);
    }
    int start = (int) Long.remainderUnsigned(hash, pool.size());
    for (int i = 0; i < pool.size(); i++) {
      int slot = (start + i) % pool.size();
      if (pool.isOpen(slot, choice) && bound.allows(slot)) {
        return slot;
      }
    }
    return turns.pick(choice, isDry);
  }
}
