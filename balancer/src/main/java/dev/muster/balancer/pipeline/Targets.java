package dev.muster.balancer.pipeline;

/// Paths as they are sent, from decoded ones.
final class Targets {
  private static final String HEX = "0123456789ABCDEF";

  private Targets() {}

  /// The target with every octet encoded that must not stand in a request line.
  static String encodeTarget(String target) {
    int mark = target.indexOf('?');
    return mark < 0
        ? encode(target)
        : encode(target.substring(0, mark)) + "?" + encode(target.substring(mark + 1));
  }

  /// The path with every octet encoded that must not stand in a request line or would end the path.
  static String encode(String path) {
    StringBuilder out = null;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean isFine = c > ' ' && c < 0x7f && c != '?' && c != '#';
      if (!isFine && out == null) {
        out = new StringBuilder(path.length() + 16).append(path, 0, i);
      }
      if (out != null) {
        if (isFine) {
          out.append(c);
        } else {
          out.append('%').append(HEX.charAt((c >> 4) & 0xf)).append(HEX.charAt(c & 0xf));
        }
      }
    }
    return out == null ? path : out.toString();
  }
}
