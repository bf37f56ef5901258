package dev.muster.balancer.http1;

import java.util.Arrays;
import java.util.Locale;

/// The header fields a proxy must know; every other field is `OTHER` and passes as it came.
public enum Field {
  CONNECTION,
  CONTENT_LENGTH,
  EXPECT,
  FORWARDED,
  HOST,
  HTTP2_SETTINGS,
  KEEP_ALIVE,
  PROXY_AUTHENTICATE,
  PROXY_AUTHORIZATION,
  PROXY_CONNECTION,
  TE,
  TRANSFER_ENCODING,
  UPGRADE,
  X_FORWARDED_FOR,
  X_FORWARDED_HOST,
  X_FORWARDED_PORT,
  X_FORWARDED_PREFIX,
  X_FORWARDED_PROTO,
  X_FORWARDED_SSL,
  OTHER;

  private static final Field[][] BY_LENGTH = byLength();

  private final String lowerCase = name().toLowerCase(Locale.ROOT).replace('_', '-');

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
    return switch (this) {
      case CONNECTION,
          HTTP2_SETTINGS,
          KEEP_ALIVE,
          PROXY_AUTHENTICATE,
          PROXY_AUTHORIZATION,
          PROXY_CONNECTION,
          TE,
          TRANSFER_ENCODING,
          UPGRADE ->
          true;
      case CONTENT_LENGTH,
          EXPECT,
          FORWARDED,
          HOST,
          X_FORWARDED_FOR,
          X_FORWARDED_HOST,
          X_FORWARDED_PORT,
          X_FORWARDED_PREFIX,
          X_FORWARDED_PROTO,
          X_FORWARDED_SSL,
          OTHER ->
          false;
    };
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
