package dev.muster.nginx.compile;

/// Addresses as they are written in configurations.
final class Networks {
  private Networks() {}

  /// Whether it is an IPv4 address in full.
  static boolean isV4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty()
          || part.length() > 3
          || !part.chars().allMatch(c -> c >= '0' && c <= '9')
          || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }
}
