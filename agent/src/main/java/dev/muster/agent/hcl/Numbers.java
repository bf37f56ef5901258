package dev.muster.agent.hcl;

import java.math.BigDecimal;

/// Decimal numbers as they are written in both languages.
final class Numbers {
  /// What a double holds goes up to 1e308; beyond, every use is a mistake.
  private static final int EXPONENT_MAX = 308;

  private static final int CHARACTERS_MAX = 400;

  private Numbers() {}

  static BigDecimal of(String text, Place place) throws Malformed {
    if (text.length() > CHARACTERS_MAX) {
      throw new Malformed(place, "a number of more than " + CHARACTERS_MAX + " digits");
    }
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new Malformed(place, text + " is not a number");
    }
    long exponent = (long) number.precision() - number.scale();
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    if (exponent > EXPONENT_MAX || exponent < -EXPONENT_MAX) {
      throw new Malformed(place, text + " is out of range");
    }
    return number;
  }
}
