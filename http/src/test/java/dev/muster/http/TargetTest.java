package dev.muster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @ParameterizedTest
  @CsvSource({
    "/v1/kv/a%2Fb, /v1/kv/a/b",
    "/v1/kv/a+b, /v1/kv/a+b",
    "/v1/kv/%C3%BC, /v1/kv/ü",
    "/v1/kv/Ã¼, /v1/kv/ü", // the two bytes of an unencoded ü, one character each
    "/v1/kv/a;b, /v1/kv/a;b",
    "http://localhost:8500/v1/kv/a, /v1/kv/a",
    "HTTPS://localhost, /",
    "/v1/kv/http://x, /v1/kv/http://x",
    "/%e2%82%ac?x, /€"
  })
  void paths(String text, String path) {
    assertThat(Target.parse(text).path()).isEqualTo(path);
  }

  @Test
  void parametersKeepTheirOrderAndMayBeBareEmptyOrRepeated() {
    Target target = Target.parse("/p?stale&tag=a&x=&tag=b+c&note=1;2%263&&y=a=b");
    assertThat(target.path()).isEqualTo("/p");
    Map<String, List<String>> expected = new LinkedHashMap<>();
    expected.put("stale", List.of(""));
    expected.put("tag", List.of("a", "b c"));
    expected.put("x", List.of(""));
    expected.put("note", List.of("1;2&3"));
    expected.put("y", List.of("a=b"));
    assertThat(target.query()).containsExactlyEntriesOf(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%", "/%1", "/%zz", "/a?b=%g0", "/%FF", "/a?%C3=1", "/%C0%80"})
  void whatIsNotEncodedAsItShouldBeIsRefused(String text) {
    assertThatThrownBy(() -> Target.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"");
  }
}
