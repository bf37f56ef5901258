package dev.muster.consul.serving;

import dev.muster.consul.form.GoDuration;
import dev.muster.consul.form.Refusal;
import dev.muster.http.Request;
import java.time.Duration;
import java.util.Locale;

/// How a read is to be answered: from which state, and after which index.
///
/// @param index 0 to answer at once; unsigned
/// @param timeout how long to wait for a later index
public record ReadOptions(long index, Duration timeout, Consistency consistency) {
  private static final Duration DEFAULT_WAIT = Duration.ofMinutes(5);
  private static final Duration WAIT_MAX = Duration.ofMinutes(10);

  public enum Consistency {
    DEFAULT("leader"),
    CONSISTENT("consistent"),
    STALE("stale");

    private final String word;

    Consistency(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public static ReadOptions of(Request request) {
    requireCacheControl(request.headers().getOrDefault("cache-control", ""));
    Consistency consistency = Consistency.DEFAULT;
    if (request.hasParameter("stale")) {
      consistency = Consistency.STALE;
    }
    if (request.hasParameter("consistent")) {
      if (consistency == Consistency.STALE) {
        throw new Refusal(400, "Cannot specify ?stale with ?consistent, conflicting semantics.");
      }
      if (request.hasParameter("cached")) {
        throw new Refusal(400, "Cannot specify ?cached with ?consistent, conflicting semantics.");
      }
      consistency = Consistency.CONSISTENT;
    }
    return new ReadOptions(index(request), wait(request), consistency);
  }

  /// Nothing is ever answered from a cache, so it only has to be well-formed.
  private static void requireCacheControl(String header) {
    for (String directive : header.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] pair = directive.strip().split("=", 2);
      boolean takesSeconds = pair[0].equals("max-age") || pair[0].equals("stale-if-error");
      if (takesSeconds && !(pair.length == 2 && pair[1].matches("[0-9]{1,10}"))) {
        throw new Refusal(400, "Invalid Cache-Control header. Expected " + pair[0] + "=<seconds>");
      }
    }
  }

  private static long index(Request request) {
    String text = request.parameter("index").orElse("");
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new Refusal(400, "Invalid index");
    }
  }

  private static Duration wait(Request request) {
    String text = request.parameter("wait").orElse("");
    if (text.isEmpty()) {
      return DEFAULT_WAIT;
    }
    Duration wait = GoDuration.parse(text).orElseThrow(() -> new Refusal(400, "Invalid wait time"));
    if (wait.isNegative() || wait.isZero()) {
      return DEFAULT_WAIT;
    }
    return wait.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : wait;
  }
}
