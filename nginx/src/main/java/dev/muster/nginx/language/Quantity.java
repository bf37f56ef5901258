package dev.muster.nginx.language;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// nginx's ways to write numbers, sizes, times and switches. What is not one is empty: the caller
/// knows what to say.
public final class Quantity {
  /// nginx's largest time, which stands for ever; more than any timeout that is meant.
  private static final long MILLIS_MAX = Integer.MAX_VALUE * 1000L;

  private static final long BYTES_MAX = 1L << 50;

  private Quantity() {}

  /// A number without sign, up to [Integer#MAX_VALUE].
  public static OptionalInt number(String text) {
    long value = digits(text, 0, text.length());
    return value < 0 || value > Integer.MAX_VALUE
        ? OptionalInt.empty()
        : OptionalInt.of((int) value);
  }

  /// A size in bytes: `512`, `8k`, `10m`, `1g`, in letters of either case.
  public static OptionalLong bytes(String text) {
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    int shift =
        switch (text.charAt(text.length() - 1)) {
          case 'k', 'K' -> 10;
          case 'm', 'M' -> 20;
          case 'g', 'G' -> 30;
          default -> 0;
        };
    long value = digits(text, 0, shift == 0 ? text.length() : text.length() - 1);
    return value < 0 || value > BYTES_MAX >> shift
        ? OptionalLong.empty()
        : OptionalLong.of(value << shift);
  }

  /// A time: `30` (seconds), `30s`, `100ms`, `1m30s`, `1h 30m`; units from years down to
  /// milliseconds, each once and in that order.
  public static Optional<Duration> time(String text) {
    long millis = 0;
    Unit last = null;
    int at = 0;
    while (at < text.length()) {
      int start = at;
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
      long value = digits(text, start, at);
      int unitStart = at;
      while (at < text.length() && !isDigit(text.charAt(at)) && text.charAt(at) != ' ') {
        at++;
      }
      Unit unit = Unit.of(text.substring(unitStart, at));
      if (value < 0
          || unit == null
          || (last != null && unit.compareTo(last) <= 0)
          || value > MILLIS_MAX / unit.millis) {
        return Optional.empty();
      }
      boolean isBare = at == unitStart;
      last = unit;
      millis += value * unit.millis;
      int spaces = at;
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      // nginx: a number without unit is seconds and ends the value.
      if (millis > MILLIS_MAX
          || (isBare && at < text.length())
          || (at == text.length() && at > spaces)) {
        return Optional.empty();
      }
    }
    return last == null ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  /// `on` or `off`, in letters of either case.
  public static Optional<Boolean> onOff(String text) {
    if (text.equalsIgnoreCase("on")) {
      return Optional.of(true);
    }
    return text.equalsIgnoreCase("off") ? Optional.of(false) : Optional.empty();
  }

  private enum Unit {
    YEAR("y", 365L * 86_400_000),
    MONTH("M", 30L * 86_400_000),
    WEEK("w", 7L * 86_400_000),
    DAY("d", 86_400_000),
    HOUR("h", 3_600_000),
    MINUTE("m", 60_000),
    SECOND("s", 1000),
    MILLISECOND("ms", 1);

    private final String letters;
    private final long millis;

    Unit(String letters, long millis) {
      this.letters = letters;
      this.millis = millis;
    }

    static @Nullable Unit of(String letters) {
      if (letters.isEmpty()) {
        return SECOND;
      }
      for (Unit each : values()) {
        if (each.letters.equals(letters)) {
          return each;
        }
      }
      return null;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// -1 for no digits, other characters and too many.
  private static long digits(String text, int start, int end) {
    if (start == end || end - start > 15) {
      return -1;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      value = value * 10 + text.charAt(i) - '0';
    }
    return value;
  }
}
