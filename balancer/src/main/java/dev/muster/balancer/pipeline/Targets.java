package dev.muster.balancer.pipeline;

import dev.muster.balancer.http1.HeadWriter;

/// Paths and queries as they are sent, from decoded ones.
public final class Targets {
  private static final String HEX = "0123456789ABCDEF";
  private static final boolean[] IN_PATH = safe("\"#%<>?\\^`{|}");
  private static final boolean[] IN_ARGUMENT = safe("\"#%<>?\\^`{|}&+;");
  private static final boolean[] IN_TARGET = safe("#");
  private static final boolean[] IN_LINE = safe("");

  private Targets() {}

  private static boolean[] safe(String except) {
    boolean[] safe = new boolean[256];
    for (char c = '!'; c < 0x7f; c++) {
      safe[c] = except.indexOf(c) < 0;
    }
    return safe;
  }

  /// The path with every octet encoded that means something else in a target, or must not stand
  /// there.
  public static String encode(String path) {
    return encode(path, IN_PATH);
  }

  /// The same for the value of an argument.
  static String encodeArgument(String value) {
    return encode(value, IN_ARGUMENT);
  }

  /// What is a target already, with only that encoded which must not stand in a request line.
  static String encodeTarget(String target) {
    return encode(target, IN_TARGET);
  }

  /// What is a URL already, with only that encoded which would end it.
  static String encodeUrl(String url) {
    return encode(url, IN_LINE);
  }

  private static String encode(String text, boolean[] safe) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isFine = c < 256 && safe[c];
      if (!isFine && out == null) {
        out = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (out != null) {
        if (isFine) {
          out.append(c);
        } else {
          out.append('%').append(HEX.charAt((c >> 4) & 0xf)).append(HEX.charAt(c & 0xf));
        }
      }
    }
    return out == null ? text : out.toString();
  }

  /// Appends a part of a decoded path as [#encode] would have it.
  static void write(byte[] path, int from, int to, HeadWriter out) {
    int start = from;
    for (int at = from; at < to; at++) {
      int octet = path[at] & 0xff;
      if (!IN_PATH[octet]) {
        out.write(path, start, at).write('%');
        out.write(HEX.charAt(octet >> 4)).write(HEX.charAt(octet & 0xf));
        start = at + 1;
      }
    }
    out.write(path, start, to);
  }
}
