package dev.muster.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;

/// The examples of RFC 1464 are in the table.
class TextTest {
  private static final Name OWNER = Name.fromConstantString("n.node.consul.");

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "color,blue,color=blue",
        "equation,a=4,equation=a=4",
        "a=a,true,a`=a=true",
        "a\\=a,false,a\\`=a=false",
        "=,\\=,`==\\=",
        "`,`,``=``",
        " ab ,x,` ab` =x",
        "'  ',x,` ` =x",
        "a b,x,a b=x"
      })
  void quotesKeys(String key, String value, String text) {
    assertThat(Text.attribute(key, value)).isEqualTo(text);
  }

  @Test
  void aLongTextIsSeveralStrings() {
    byte[] data = Text.record(OWNER, 0, "k", "x".repeat(300)).rdataToWireCanonical();
    assertThat(data).hasSize(302 + 2);
    assertThat(data[0] & 0xFF).isEqualTo(255);
    assertThat(data[256]).isEqualTo((byte) 47);
  }

  @Test
  void whatLooksLikeAnEscapeIsText() {
    byte[] data = Text.record(OWNER, 0, "RFC1035-k", "a\\065\"").rdataToWireCanonical();
    assertThat(new String(data, 1, data.length - 1, java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("a\\065\"");
  }

  @Test
  void anEmptyValueIsAnEmptyString() {
    assertThat(Text.record(OWNER, 0, "rfc1035-k", "").rdataToWireCanonical()).containsExactly(0);
  }
}
