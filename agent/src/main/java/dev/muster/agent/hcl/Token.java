package dev.muster.agent.hcl;

import java.math.BigDecimal;

/// A word or sign of HCL.
sealed interface Token {
  Place place();

  /// How a message calls it.
  String described();

  /// A key or label without quotes; or `true` and `false`.
  record Name(String name, Place place) implements Token {
    @Override
    public String described() {
      return name;
    }
  }

  /// Text in quotes, or a heredoc.
  record Text(String text, boolean isHeredoc, Place place) implements Token {
    @Override
    public String described() {
      return new Value.Text(text, place).described();
    }
  }

  record Numeral(BigDecimal number, Place place) implements Token {
    @Override
    public String described() {
      return number.toString();
    }
  }

  /// One of `{ } [ ] = ,`.
  record Sign(char sign, Place place) implements Token {
    @Override
    public String described() {
      return "'" + sign + "'";
    }
  }

  record End(Place place) implements Token {
    @Override
    public String described() {
      return "the end of the file";
    }
  }
}
