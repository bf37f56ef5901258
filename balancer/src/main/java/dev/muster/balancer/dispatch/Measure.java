package dev.muster.balancer.dispatch;

/// What a busy member is compared by; the smaller the better.
enum Measure {
  /// Requests in flight.
  REQUESTS {
    @Override
    double of(Load load, long now) {
      return load.active();
    }
  },
  /// Expected time to work off what is in flight and one more. Latencies count in steps of 20 ms,
  /// so that equals take turns in spite of noise, and as 5 s if they are longer, when requests in
  /// flight tell more: nginx's `least_time`.
  TIME {
    @Override
    double of(Load load, long now) {
      long millis = (long) (load.latency(now) / 1e6);
      long stepped = millis > MILLIS_MAX ? MILLIS_MAX : millis + STEP_MILLIS - millis % STEP_MILLIS;
      return (double) stepped * (load.active() + 1);
    }
  };

  private static final long MILLIS_MAX = 5000;
  private static final long STEP_MILLIS = 20;

  abstract double of(Load load, long now);
}
