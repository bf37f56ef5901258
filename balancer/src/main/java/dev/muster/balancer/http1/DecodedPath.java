package dev.muster.balancer.http1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Paths as nginx's language sees them: every percent-encoding decoded, `.` and `..` resolved,
/// neighbouring slashes merged if that is asked for. Refused is what servers read differently, so
/// that the location found here and the resource found behind could differ: `..` above the root;
/// `..` in a path with empty segments, encoded slashes or backslashes; dot segments that only some
/// see, as in `..;x`, `%2F..` and `..\`.
final class DecodedPath {
  private final byte[] out;
  private int length;
  private boolean isOdd;
  private boolean climbs;

  private DecodedPath(int lengthMax) {
    out = new byte[lengthMax];
  }

  /// The path at `from`, which is a `/`, or null if it is refused.
  static byte @Nullable [] decode(byte[] source, int from, int to, boolean mergesSlashes) {
    var path = new DecodedPath(to - from);
    if (!path.read(source, from, to)) {
      return null;
    }
    if (mergesSlashes) {
      path.mergeSlashes();
    }
    return Arrays.copyOf(path.out, path.length);
  }

  private boolean read(byte[] source, int from, int to) {
    out[length++] = '/';
    int at = from + 1;
    boolean isLast = false;
    while (!isLast) {
      int start = length;
      while (at < to && source[at] != '/') {
        int octet = source[at];
        if (octet == '%') {
          octet = at + 2 < to ? encoded(source, at) : -1;
          if (octet <= 0) {
            return false;
          }
          at += 2;
        }
        at++;
        isOdd |= octet == '/' || octet == '\\';
        out[length++] = (byte) octet;
      }
      isLast = at >= to;
      at++;
      if (!endSegment(start, isLast)) {
        return false;
      }
    }
    return !(climbs && isOdd);
  }

  private static int encoded(byte[] source, int at) {
    int high = Octets.hexDigit(source[at + 1]);
    int low = Octets.hexDigit(source[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private boolean endSegment(int start, boolean isLast) {
    int dots = dots(start, length);
    if (dots == length - start && (dots == 1 || dots == 2)) {
      length = start;
      return dots == 1 || climb();
    }
    if (hasDotSegment(start)) {
      return false;
    }
    if (!isLast) {
      isOdd |= length == start;
      out[length++] = '/';
    }
    return true;
  }

  private boolean climb() {
    climbs = true;
    if (length == 1) {
      return false;
    }
    length--;
    while (out[length - 1] != '/') {
      length--;
    }
    return true;
  }

  /// Whether another server could see a dot segment within a segment.
  private boolean hasDotSegment(int start) {
    int from = start;
    for (int at = start; at <= length; at++) {
      boolean isEnd = at == length || out[at] == '/' || out[at] == '\\';
      if (isEnd || out[at] == ';') {
        int dots = from <= at ? dots(from, at) : 0;
        if ((dots == 1 || dots == 2) && dots == at - from) {
          return true;
        }
        // What follows a semicolon is a parameter, up to the next segment.
        from = isEnd ? at + 1 : Integer.MAX_VALUE;
      }
    }
    return false;
  }

  private int dots(int from, int to) {
    int at = from;
    while (at < to && out[at] == '.') {
      at++;
    }
    return at - from;
  }

  private void mergeSlashes() {
    int to = 1;
    for (int at = 1; at < length; at++) {
      if (out[at] != '/' || out[to - 1] != '/') {
        out[to++] = out[at];
      }
    }
    length = to;
  }
}
