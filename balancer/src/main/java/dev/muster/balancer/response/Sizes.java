package dev.muster.balancer.response;

/// Sizes in nginx's words.
final class Sizes {
  private static final int DIGITS_MAX = 15;

  private Sizes() {}

  /// Octets, such as of `100`, `4k`, `1M`, `2g`; 0 for what is none.
  static long parse(String text) {
    int length = text.length();
    if (length == 0) {
      return 0;
    }
    int shift =
        switch (text.charAt(length - 1)) {
          case 'k', 'K' -> 10;
          case 'm', 'M' -> 20;
          case 'g', 'G' -> 30;
          default -> 0;
        };
    int digits = shift == 0 ? length : length - 1;
    long number = 0;
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || i == DIGITS_MAX) {
        return 0;
      }
      number = number * 10 + (c - '0');
    }
    return number << shift;
  }
}
