package dev.muster.balancer.chain;

import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.request.Request;

/// The cookie that makes a client stay with the split it had first: a random number, from which
/// each service's split follows. Says nothing about the client, and is worth nothing to a forger.
final class SplitCookie {
  static final String NAME = "muster_split";
  private static final String COOKIE = "cookie";
  private static final byte[] START = Octets.ascii(NAME + "=");
  private static final int DIGITS = 8;
  private static final long MASK = 0xffff_ffffL;
  private static final String ATTRIBUTES = "; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax";

  private SplitCookie() {}

  /// The number that a request's cookie has; -1 if it has none.
  static long of(Request request) {
    HeaderBlock headers = request.head().headers();
    byte[] bytes = request.head().bytes();
    for (int i = 0; i < headers.count(); i++) {
      if (headers.isNamed(i, COOKIE)) {
        long found = find(bytes, headers.valueStart(i), headers.valueEnd(i));
        if (found >= 0) {
          return found;
        }
      }
    }
    return -1;
  }

  private static long find(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      while (at < to && (bytes[at] == ' ' || bytes[at] == ';')) {
        at++;
      }
      if (startsAt(bytes, at, to)) {
        return number(bytes, at + START.length, to);
      }
      while (at < to && bytes[at] != ';') {
        at++;
      }
    }
    return -1;
  }

  private static boolean startsAt(byte[] bytes, int at, int to) {
    if (to - at < START.length + DIGITS) {
      return false;
    }
    for (int i = 0; i < START.length; i++) {
      if (bytes[at + i] != START[i]) {
        return false;
      }
    }
    return true;
  }

  private static long number(byte[] bytes, int from, int to) {
    int end = from + DIGITS;
    if (end < to && bytes[end] != ';' && bytes[end] != ' ') {
      return -1;
    }
    long number = 0;
    for (int at = from; at < end; at++) {
      int digit = Character.digit(bytes[at], 16);
      if (digit < 0) {
        return -1;
      }
      number = number << 4 | digit;
    }
    return number;
  }

  /// The number that a client without cookie gets.
  static long fresh(long chance) {
    return chance & MASK;
  }

  /// The line that tells the client of its number.
  static String line(long chance) {
    StringBuilder out = new StringBuilder(NAME.length() + 1 + DIGITS + ATTRIBUTES.length());
    out.append(NAME).append('=');
    String digits = Long.toHexString(fresh(chance));
    out.repeat('0', DIGITS - digits.length());
    return out.append(digits).append(ATTRIBUTES).toString();
  }
}
