package dev.muster.balancer.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Numbers that every event loop counts for itself and a reader adds up: a count costs no more than
/// an addition. A loop writes its own only; any thread reads, and sees each number as it was a
/// moment ago.
final class LoopCounts {
  private static final VarHandle NUMBER = MethodHandles.arrayElementVarHandle(long[].class);

  private final int size;
  private volatile long[][] loops = new long[0][];

  /// @param size how many numbers
  LoopCounts(int size) {
    this.size = size;
  }

  /// The numbers of a loop, for [#add].
  long[] of(int loop) {
    long[][] known = loops;
    return loop < known.length ? known[loop] : grow(loop);
  }

  private synchronized long[] grow(int loop) {
    int before = loops.length;
    if (loop >= before) {
      long[][] more = Arrays.copyOf(loops, loop + 1);
      for (int i = before; i <= loop; i++) {
        more[i] = new long[size];
      }
      loops = more;
    }
    return loops[loop];
  }

  /// Adds to a number; on the loop whose numbers they are only.
  static void add(long[] numbers, int index, long count) {
    NUMBER.setOpaque(numbers, index, numbers[index] + count);
  }

  /// A number of all loops.
  long sum(int index) {
    long sum = 0;
    for (long[] numbers : loops) {
      sum += (long) NUMBER.getOpaque(numbers, index);
    }
    return sum;
  }
}
