package dev.muster.balancer.session;

import dev.muster.balancer.http1.Octets;

/// Walks the `name=value` pairs of a Cookie or Set-Cookie line in place (RFC 6265 section 4). Names
/// are compared without case, as nginx's `$cookie_name` does.
final class Cookies {
  static final String REQUEST = "cookie";
  static final String ANSWER = "set-cookie";

  private Cookies() {}

  /// Where the value of the pair at an offset starts, or -1 if the pair has another name.
  ///
  /// @param lowerCaseName of the cookie
  static int valueStart(byte[] bytes, int at, int end, byte[] lowerCaseName) {
    int equals = at + lowerCaseName.length;
    boolean isNamed =
        equals < end
            && bytes[equals] == '='
            && Octets.equalsIgnoringCase(bytes, at, equals, lowerCaseName);
    return isNamed ? equals + 1 : -1;
  }

  /// Where the pair at an offset ends: at its semicolon or at the end of the line.
  static int pairEnd(byte[] bytes, int at, int end) {
    int found = at;
    while (found < end && bytes[found] != ';') {
      found++;
    }
    return found;
  }

  /// Where the pair after the one that ends there starts.
  static int next(byte[] bytes, int pairEnd, int end) {
    int at = pairEnd;
    while (at < end && (bytes[at] == ';' || bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    return at;
  }

  /// The end of a value without the blanks behind it.
  static int trimmed(byte[] bytes, int from, int to) {
    int end = to;
    while (end > from && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
      end--;
    }
    return end;
  }
}
