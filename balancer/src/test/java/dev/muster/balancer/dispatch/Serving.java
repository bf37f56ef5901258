package dev.muster.balancer.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// Servers that answer one request after the other, and an open stream of requests at random times
/// on a clock of its own.
final class Serving {
  /// How long a server works on a request.
  interface Work {
    double nanos(int server, RandomGenerator random);

    /// Between half and one and a half times the mean.
    static double even(double mean, RandomGenerator random) {
      return mean * random.nextDouble(0.5, 1.5);
    }

    /// Mostly short, seldom long.
    static double exponential(double mean, RandomGenerator random) {
      return -mean * StrictMath.log(1 - random.nextDouble());
    }
  }

  private record Running(int server, long startedAt, long endsAt) {}

  private final Members members;
  private final Picker picker;
  private final Asking asking;
  private final Work work;
  private final byte[] key = {10, 0, 0, 1};
  private final long[] busyUntil;
  private final int[] served;
  private final Map<List<Integer>, Long> delays = new HashMap<>();
  private final PriorityQueue<Running> running =
      new PriorityQueue<>(Comparator.comparingLong(Running::endsAt));
  private final List<Long> latencies = new ArrayList<>();

  Serving(Policy policy, int servers, long seed, Work work) {
    List<Member> list = new ArrayList<>();
    for (int i = 0; i < servers; i++) {
      list.add(Member.of("i" + i, new Load(), 1));
    }
    members = Members.of(list, policy, 1, null);
    picker = members.picker(0);
    asking = new Asking(seed);
    this.work = work;
    busyUntil = new long[servers];
    served = new int[servers];
  }

  /// Makes the n-th request of a server take so much longer.
  void delay(int server, int request, long nanos) {
    delays.put(List.of(server, request), nanos);
  }

  /// Sends so many requests with this mean gap; how many each server got.
  int[] run(int requests, double meanGapNanos) {
    int[] counts = new int[busyUntil.length];
    for (int i = 0; i < requests; i++) {
      asking.now += (long) Work.exponential(meanGapNanos, asking.random) + 1;
      finish(asking.now);
      key[2] = (byte) asking.random.nextInt(100);
      asking.hash = members.policy().algorithm().hash(key, 0, key.length);
      int server = picker.pick(asking);
      counts[server]++;
      members.members().get(server).load().begin();
      long delay = delays.getOrDefault(List.of(server, served[server]++), 0L);
      long start = Math.max(asking.now, busyUntil[server]);
      busyUntil[server] = start + delay + (long) work.nanos(server, asking.random) + 1;
      running.add(new Running(server, asking.now, busyUntil[server]));
    }
    return counts;
  }

  private void finish(long now) {
    while (!running.isEmpty() && running.peek().endsAt <= now) {
      Running done = running.remove();
      members.members().get(done.server).load().end(done.startedAt, done.endsAt);
      latencies.add(done.endsAt - done.startedAt);
    }
  }

  /// That share of the requests so far took no longer; in nanoseconds.
  long quantile(double share) {
    finish(Long.MAX_VALUE);
    List<Long> sorted = new ArrayList<>(latencies);
    sorted.sort(null);
    return sorted.get((int) Math.min(sorted.size() - 1.0, share * sorted.size()));
  }
}
