package dev.muster.balancer.http1;

import java.util.Arrays;
import java.util.Locale;

/// The header fields a proxy must know; every other field is `OTHER` and passes as it came.
public enum Field {
  CONNECTION(Scope.HOP),
  CONTENT_LENGTH(Scope.END),
  EXPECT(Scope.END),
  FORWARDED(Scope.FORWARDING),
  HOST(Scope.END),
  HTTP2_SETTINGS(Scope.HOP),
  KEEP_ALIVE(Scope.HOP),
  PROXY_AUTHENTICATE(Scope.HOP),
  PROXY_AUTHORIZATION(Scope.HOP),
  PROXY_CONNECTION(Scope.HOP),
  TE(Scope.HOP),
  TRANSFER_ENCODING(Scope.HOP),
  UPGRADE(Scope.HOP),
  X_FORWARDED_FOR(Scope.FORWARDING),
  X_FORWARDED_HOST(Scope.FORWARDING),
  X_FORWARDED_PORT(Scope.FORWARDING),
  X_FORWARDED_PREFIX(Scope.FORWARDING),
  X_FORWARDED_PROTO(Scope.FORWARDING),
  X_FORWARDED_SSL(Scope.FORWARDING),
  OTHER(Scope.END);

  private enum Scope {
    /// Passes through.
    END,
    /// Ends at the next hop.
    HOP,
    /// Replaced by what the balancer knows.
    FORWARDING
  }

  private static final Field[][] BY_LENGTH = byLength();

  private final Scope scope;
  private final String lowerCase = name().toLowerCase(Locale.ROOT).replace('_', '-');

  Field(Scope scope) {
    this.scope = scope;
  }

  static Field of(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length >= BY_LENGTH.length) {
      return OTHER;
    }
    byte first = Octets.lower(bytes[from]);
    for (Field field : BY_LENGTH[length]) {
      if (field.lowerCase.charAt(0) == first && field.matches(bytes, from)) {
        return field;
      }
    }
    return OTHER;
  }

  /// Whether the field ends at the next hop whatever the Connection field names (RFC 9110 7.6.1).
  public boolean isHopByHop() {
    return scope == Scope.HOP;
  }

  /// Whether it says for whom a proxy forwards (RFC 7239 and what was before it).
  boolean isForwarding() {
    return scope == Scope.FORWARDING;
  }

  private boolean matches(byte[] bytes, int from) {
    for (int i = 1; i < lowerCase.length(); i++) {
      if (Octets.lower(bytes[from + i]) != lowerCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static Field[][] byLength() {
    Field[][] table = new Field[32][];
    for (int length = 0; length < table.length; length++) {
      int wanted = length;
      table[length] =
          Arrays.stream(values())
              .filter(field -> field != OTHER && field.lowerCase.length() == wanted)
              .toArray(Field[]::new);
    }
    return table;
  }
}
