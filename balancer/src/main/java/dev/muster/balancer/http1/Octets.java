package dev.muster.balancer.http1;

import java.nio.charset.StandardCharsets;

/// What each octet may be part of (RFC 9110 section 5.6, RFC 9112 section 3), and comparisons on
/// byte ranges.
public final class Octets {
  static final byte CR = '\r';
  static final byte LF = '\n';

  private static final int TOKEN = 1;
  private static final int VALUE = 2;
  private static final int TARGET = 4;
  private static final int HOST = 8;
  private static final int UNRESERVED = 16;
  private static final byte[] CLASSES = classes();
  private static final byte[] HEX_DIGITS = hexDigits();

  private Octets() {}

  static boolean isToken(byte octet) {
    return (CLASSES[octet & 0xff] & TOKEN) != 0;
  }

  /// Part of a field value or reason phrase: visible, obs-text, space or tab.
  static boolean isValue(byte octet) {
    return (CLASSES[octet & 0xff] & VALUE) != 0;
  }

  /// Part of a request target: visible ASCII except `#`, which no client may send.
  static boolean isTarget(byte octet) {
    return (CLASSES[octet & 0xff] & TARGET) != 0;
  }

  static boolean isHost(byte octet) {
    return (CLASSES[octet & 0xff] & HOST) != 0;
  }

  static boolean isUnreserved(int octet) {
    return (CLASSES[octet & 0xff] & UNRESERVED) != 0;
  }

  static boolean isDigit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  /// The value of a hexadecimal digit, or -1.
  static int hexDigit(byte octet) {
    return HEX_DIGITS[octet & 0xff];
  }

  /// The octet with ASCII letters in lower case.
  public static byte lower(byte octet) {
    return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
  }

  /// Whether the range equals `lowerCase`, ASCII letters compared without case.
  public static boolean equalsIgnoringCase(byte[] bytes, int from, int to, byte[] lowerCase) {
    if (to - from != lowerCase.length) {
      return false;
    }
    for (int i = 0; i < lowerCase.length; i++) {
      if (lower(bytes[from + i]) != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }

  static boolean sameIgnoringCase(byte[] bytes, int from, int to, int otherFrom, int otherTo) {
    if (to - from != otherTo - otherFrom) {
      return false;
    }
    for (int i = 0; i < to - from; i++) {
      if (lower(bytes[from + i]) != lower(bytes[otherFrom + i])) {
        return false;
      }
    }
    return true;
  }

  /// The octets of an ASCII constant.
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// The octets of a text of Latin-1 characters.
  public static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Octets as Latin-1 characters.
  public static String latin1(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int octet = 0; octet < 256; octet++) {
      boolean isAlphanumeric =
          (octet >= '0' && octet <= '9')
              || (octet >= 'a' && octet <= 'z')
              || (octet >= 'A' && octet <= 'Z');
      int found = 0;
      if (isAlphanumeric || "!#$%&'*+-.^_`|~".indexOf(octet) >= 0) {
        found |= TOKEN;
      }
      if (octet == ' ' || octet == '\t' || (octet > ' ' && octet != 0x7f)) {
        found |= VALUE;
      }
      if (octet > ' ' && octet < 0x7f && octet != '#') {
        found |= TARGET;
      }
      if (isAlphanumeric || "-._~".indexOf(octet) >= 0) {
        found |= HOST | UNRESERVED;
      }
      classes[octet] = (byte) found;
    }
    return classes;
  }

  private static byte[] hexDigits() {
    byte[] digits = new byte[256];
    for (int octet = 0; octet < 256; octet++) {
      digits[octet] = (byte) (octet < 128 ? Character.digit(octet, 16) : -1);
    }
    return digits;
  }
}
