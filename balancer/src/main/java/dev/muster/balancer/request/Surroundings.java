package dev.muster.balancer.request;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What a request can ask of the machine and the process it is served by. Thread-safe.
public final class Surroundings {
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private final InstantSource clock;
  private final ZoneId zone;
  private final RandomGenerator random;
  private final String hostname;
  private final long processId;

  // Any loop may write it; the last one wins, and all are right.
  private volatile @Nullable Second second;

  /// A second in words.
  private record Second(long epoch, String local, String iso) {}

  /// @param clock the time of day
  /// @param zone whose time is printed
  /// @param random thread-safe, and hard to guess if identifiers of requests are to be
  /// @param hostname of this machine
  /// @param processId of this process
  public Surroundings(
      InstantSource clock, ZoneId zone, RandomGenerator random, String hostname, long processId) {
    this.clock = clock;
    this.zone = zone;
    this.random = random;
    this.hostname = hostname;
    this.processId = processId;
  }

  /// In UTC, without a name or a process of its own.
  public static Surroundings unnamed(RandomGenerator random) {
    return new Surroundings(InstantSource.system(), ZoneOffset.UTC, random, "localhost", 0);
  }

  /// The time of day.
  public Instant now() {
    return clock.instant();
  }

  /// Random numbers.
  public RandomGenerator random() {
    return random;
  }

  /// The name of this machine.
  public String hostname() {
    return hostname;
  }

  /// The number of this process.
  public long processId() {
    return processId;
  }

  /// The time as in `28/Sep/1970:12:00:00 +0600`.
  public String localTime() {
    return second().local;
  }

  /// The time as in `1970-09-28T12:00:00+06:00`.
  public String isoTime() {
    return second().iso;
  }

  private Second second() {
    long now = clock.instant().getEpochSecond();
    Second known = second;
    if (known == null || known.epoch != now) {
      known = inWords(now);
      second = known;
    }
    return known;
  }

  private Second inWords(long epoch) {
    ZonedDateTime at = Instant.ofEpochSecond(epoch).atZone(zone);
    int offset = at.getOffset().getTotalSeconds() / 60;
    String sign = offset < 0 ? "-" : "+";
    String hours = two(Math.abs(offset) / 60);
    String minutes = two(Math.abs(offset) % 60);
    String time = two(at.getHour()) + ":" + two(at.getMinute()) + ":" + two(at.getSecond());
    String local =
        two(at.getDayOfMonth())
            + "/"
            + MONTHS[at.getMonthValue() - 1]
            + "/"
            + at.getYear()
            + ":"
            + time
            + " "
            + sign
            + hours
            + minutes;
    String iso =
        at.getYear()
            + "-"
            + two(at.getMonthValue())
            + "-"
            + two(at.getDayOfMonth())
            + "T"
            + time
            + sign
            + hours
            + ":"
            + minutes;
    return new Second(epoch, local, iso);
  }

  private static String two(int number) {
    return number < 10 ? "0" + number : Integer.toString(number);
  }
}
