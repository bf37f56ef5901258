package dev.muster.consul.form;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "10s, PT10S, 10s",
    "15.0s, PT15S, 15s",
    "0.001s, PT0.001S, 1ms",
    ".5s, PT0.5S, 500ms",
    "1.s, PT1S, 1s",
    "60000ms, PT1M, 1m0s",
    "1h30m, PT1H30M, 1h30m0s",
    "90m, PT1H30M, 1h30m0s",
    "1m30.5s, PT1M30.5S, 1m30.5s",
    "-1s, PT-1S, ",
    "+2s, PT2S, 2s",
    "0, PT0S, 0s",
    "7us, PT0.000007S, 7µs",
    "7µs, PT0.000007S, 7µs",
    "3ns, PT0.000000003S, 3ns"
  })
  void readsAndWritesAsGoDoes(String text, Duration duration, String written) {
    assertThat(GoDuration.parse(text)).contains(duration);
    if (written != null) {
      assertThat(GoDuration.format(duration)).isEqualTo(written);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "5", "s", "5x", "5 s", "1h 30m", "1e3s", "--1s", ".s", "2562048h", "1S"})
  void whatIsNoDuration(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }
}
