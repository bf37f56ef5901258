package dev.muster.consul.form;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations in Go's notation: numbers with units, such as `1h30m`, `15.0s`, `60000ms`, `-1s`.
public final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");

  private GoDuration() {}

  /// Empty if the text is no duration, or one beyond 292 years.
  public static Optional<Duration> parse(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (rest.isEmpty() || rest.length() > 64) {
      return Optional.empty();
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(rest);
    int at = 0;
    while (at < rest.length()) {
      if (!part.find(at) || part.start() != at) {
        return Optional.empty();
      }
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanosOf(part.group(2))));
      at = part.end();
    }
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      return Optional.empty();
    }
    long whole = nanos.setScale(0, RoundingMode.DOWN).longValueExact();
    return Optional.of(Duration.ofNanos(negative ? -whole : whole));
  }

  private static BigDecimal nanosOf(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs", "μs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> throw new IllegalArgumentException("no unit of time: " + unit);
        });
  }

  /// As Go prints it: `10s`, `1m30s`, `1h0m0s`, `500ms`; `0s` for zero.
  public static String format(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    if (nanos < 1_000_000_000L) {
      return nanos % 1_000_000 == 0
          ? nanos / 1_000_000 + "ms"
          : nanos % 1_000 == 0 ? nanos / 1_000 + "µs" : nanos + "ns";
    }
    StringBuilder text = new StringBuilder();
    long minutes = duration.toMinutes();
    if (minutes >= 60) {
      text.append(minutes / 60).append('h');
    }
    if (minutes > 0) {
      text.append(minutes % 60).append('m');
    }
    BigDecimal seconds = BigDecimal.valueOf(nanos % 60_000_000_000L, 9).stripTrailingZeros();
    return text.append(seconds.toPlainString()).append('s').toString();
  }
}
