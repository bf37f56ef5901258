package dev.muster.balancer.http1;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;

/// Times as header fields have them (RFC 9110 section 5.6.7).
public final class HttpDate {
  /// What [#parse] says of what is none.
  public static final long NONE = Long.MIN_VALUE;

  private static final DateTimeFormatter FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final List<DateTimeFormatter> KNOWN =
      List.of(
          FIXDATE,
          new DateTimeFormatterBuilder()
              .appendPattern("EEEE, dd-MMM-")
              .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
              .appendPattern(" HH:mm:ss 'GMT'")
              .toFormatter(Locale.ROOT)
              .withZone(ZoneOffset.UTC),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
              .withZone(ZoneOffset.UTC));

  private HttpDate() {}

  /// A time in words.
  ///
  /// @param seconds since 1970
  public static String of(long seconds) {
    return FIXDATE.format(Instant.ofEpochSecond(seconds));
  }

  /// Seconds since 1970, or [#NONE].
  public static long parse(String text) {
    long found = NONE;
    for (int i = 0; i < KNOWN.size() && found == NONE; i++) {
      found = parse(text.strip(), KNOWN.get(i));
    }
    return found;
  }

  private static long parse(String text, DateTimeFormatter format) {
    try {
      return format.parse(text, Instant::from).getEpochSecond();
    } catch (DateTimeException e) {
      return NONE;
    }
  }
}
