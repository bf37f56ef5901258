package dev.muster.consul.form;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSyntaxTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {bad            | invalid character 'b' looking for beginning of object key string
          {               | unexpected EOF
          {"a" 1}         | invalid character '1' after object key
          {"a":}          | invalid character '}' looking for beginning of value
          {"a":1 "b":2}   | invalid character '"' after object key:value pair
          {"a":1,}        | invalid character '}' looking for beginning of object key string
          [1 2]           | invalid character '2' after array element
          [1,]            | invalid character ']' looking for beginning of value
          "\\x"           | invalid character 'x' in string escape code
          "\\u12g4"       | invalid character 'g' in \\u hexadecimal character escape
          trye            | invalid character 'y' in literal true (expecting 'u')
          -x              | invalid character 'x' in numeric literal
          1.x             | invalid character 'x' after decimal point in numeric literal
          1e+             | unexpected EOF
          'a'             | invalid character '\\'' looking for beginning of value
          "open           | unexpected EOF
          """)
  void errorsAreToldAsGoTellsThem(String json, String error) {
    assertThat(JsonSyntax.errorIn(json.getBytes(UTF_8))).contains(error);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " [ ] ",
        "{\"a\" : [1, -2.5e-3, true, false, null, \"\\u00e4\\n\"]}",
        "0",
        "\"text\"",
        "{} behind the first value nothing is looked at"
      })
  void wellFormedTextHasNone(String json) {
    assertThat(JsonSyntax.errorIn(json.getBytes(UTF_8))).isEmpty();
  }
}
