package dev.muster.balancer.observe;

import dev.muster.balancer.http1.Octets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The time as logs have it, put into words once a second. One per loop.
final class LogTime {
  private static final DateTimeFormatter COMMON =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);

  private final Clock clock;
  private long second = Long.MIN_VALUE;
  private byte[] common = new byte[0];
  private byte[] iso = new byte[0];

  LogTime(Clock clock) {
    this.clock = clock;
  }

  /// As in the Common Log Format; not to be changed.
  byte[] common() {
    refresh();
    return common;
  }

  /// As in ISO 8601; not to be changed.
  byte[] iso() {
    refresh();
    return iso;
  }

  private void refresh() {
    long now = Math.floorDiv(clock.millis(), 1000L);
    if (now != second) {
      second = now;
      ZonedDateTime time = Instant.ofEpochSecond(now).atZone(clock.getZone());
      common = Octets.ascii(COMMON.format(time));
      iso = Octets.ascii(ISO.format(time));
    }
  }
}
