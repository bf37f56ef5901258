package dev.muster.balancer.http1;

/// Which header names count; lines of other names are taken for not sent. Immutable.
public final class NameRule {
  /// All that are tokens.
  public static final NameRule ANY = new NameRule(true, true);

  private static final NameRule NO_UNDERSCORES = new NameRule(false, true);
  private static final NameRule PLAIN = new NameRule(false, false);
  private static final NameRule PLAIN_OR_UNDERSCORES = new NameRule(true, false);

  private final boolean takesUnderscores;
  private final boolean takesOthers;

  private NameRule(boolean takesUnderscores, boolean takesOthers) {
    this.takesUnderscores = takesUnderscores;
    this.takesOthers = takesOthers;
  }

  /// Letters, digits and hyphens always count.
  ///
  /// @param takesOthers whether all other characters of tokens do too
  public static NameRule of(boolean takesUnderscores, boolean takesOthers) {
    if (takesUnderscores) {
      return takesOthers ? ANY : PLAIN_OR_UNDERSCORES;
    }
    return takesOthers ? NO_UNDERSCORES : PLAIN;
  }

  boolean admits(byte[] bytes, int from, int to) {
    if (this == ANY) {
      return true;
    }
    for (int at = from; at < to; at++) {
      byte octet = bytes[at];
      boolean isPlain =
          (octet >= 'a' && octet <= 'z')
              || (octet >= 'A' && octet <= 'Z')
              || Octets.isDigit(octet)
              || octet == '-';
      if (!isPlain && !(octet == '_' ? takesUnderscores : takesOthers)) {
        return false;
      }
    }
    return true;
  }
}
