package dev.muster.balancer.http1;

/// The line with the time that the balancer's own answers get, put into words once a second. Of one
/// loop.
public final class DateField {
  private long seconds = Long.MIN_VALUE;
  private byte[] line = new byte[0];

  /// It is later.
  ///
  /// @param now seconds since 1970
  public void update(long now) {
    if (now != seconds) {
      seconds = now;
      line = Octets.ascii("Date: " + HttpDate.of(now) + "\r\n");
    }
  }

  /// Seconds since 1970.
  public long seconds() {
    return seconds;
  }

  /// The whole line; not to be changed.
  public byte[] line() {
    return line;
  }
}
