package dev.muster.balancer.observe;

import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Trace;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Decides which requests are traced, and hands over those that are when they are over. One per
/// loop. Traces that come sampled go on, those that come unsampled are passed as they are, others
/// are started by chance.
public final class Tracer {
  private static final int LENGTH = 55;

  private final double ratio;
  private final RandomGenerator random;
  private final SpanExport export;

  Tracer(double ratio, RandomGenerator random, SpanExport export) {
    this.ratio = ratio;
    this.random = random;
    this.export = export;
  }

  /// A request begins.
  public void begin(Request request) {
    String came = request.header("traceparent");
    if (came != null && isValid(came)) {
      boolean isSampled = (Character.digit(came.charAt(LENGTH - 1), 16) & 1) != 0;
      if (isSampled) {
        request.trace(trace(request, number(came, 3), number(came, 19), number(came, 36)));
      }
    } else if (random.nextDouble() < ratio) {
      request.trace(trace(request, random.nextLong(), id(), 0));
    }
  }

  private Trace trace(Request request, long high, long low, long parent) {
    return new Trace(
        high, low, parent, id(), request.method(), request.target(), request.authority());
  }

  private long id() {
    long id = random.nextLong();
    return id == 0 ? 1 : id;
  }

  /// `00-`, 32 digits, `-`, 16 digits, `-`, 2 digits; later versions may append more.
  static boolean isValid(String text) {
    if (text.length() < LENGTH
        || (text.startsWith("00")
            ? text.length() > LENGTH
            : text.length() > LENGTH && text.charAt(LENGTH) != '-')) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean isDash = i == 2 || i == 35 || i == 52;
      boolean isDigit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      if (isDash ? c != '-' : !isDigit) {
        return false;
      }
    }
    boolean hasIds = (number(text, 3) != 0 || number(text, 19) != 0) && number(text, 36) != 0;
    return hasIds && !text.startsWith("ff");
  }

  private static long number(String text, int from) {
    return Long.parseUnsignedLong(text, from, from + 16, 16);
  }

  /// A request is over.
  ///
  /// @param now by the loop's clock
  public void end(Request request, String location, long now) {
    @Nullable Trace trace = request.trace();
    if (trace != null) {
      export.offer(
          new SpanExport.Finished(
              trace,
              request.outcome(),
              location,
              request.client().address(),
              request.startedNanos(),
              now));
    }
  }
}
