package dev.muster.nginx.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({"0,0", "512,512", "8k,8192", "8K,8192", "10m,10485760", "1g,1073741824"})
  void sizes(String text, long bytes) {
    assertThat(Quantity.bytes(text)).hasValue(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "-1", "1.5m", "1kk", "10 m", "9999999999999g", "0x10", "1t"})
  void noSizes(String text) {
    assertThat(Quantity.bytes(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "30,30000",
    "30s,30000",
    "100ms,100",
    "1m30s,90000",
    "1h 30m,5400000",
    "1d,86400000",
    "1m30,90000",
    "2w1d,1296000000",
    "1M,2592000000",
    "1y,31536000000",
    "1s500ms,1500"
  })
  void times(String text, long millis) {
    assertThat(Quantity.time(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "1x", "30s1m", "1m1m", "-1", "1.5s", " 1s", "30 s 1m", "99999999999999y"})
  void noTimes(String text) {
    assertThat(Quantity.time(text)).isEmpty();
  }

  @Test
  void switches() {
    assertThat(Quantity.onOff("ON")).contains(true);
    assertThat(Quantity.onOff("off")).contains(false);
    assertThat(Quantity.onOff("yes")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "80,*,80",
    "8080,*,8080",
    "127.0.0.1:80,127.0.0.1,80",
    "*:80,*,80",
    "localhost,localhost,0",
    "[::]:80,::,80",
    "[::1],::1,0",
    "127.0.0.1,127.0.0.1,0"
  })
  void listeners(String text, String host, int port) {
    assertThat(Address.ofListener(text))
        .isEqualTo(new Address.Reading.Good(new Address(host, port, port)));
  }

  @ParameterizedTest
  @CsvSource({
    "0,invalid port",
    "65536,invalid port",
    "a:b,invalid port",
    "a:,invalid port",
    ":80,no host",
    "[::1,invalid host",
    "[x]:80,invalid IPv6 address",
    "a/b:80,invalid host",
    "a:9-8,invalid port range",
    "unix:,no path in the unix domain socket"
  })
  void noListeners(String text, String reason) {
    assertThat(Address.ofListener(text)).isEqualTo(new Address.Reading.Bad(reason));
  }

  @Test
  void rangesAndSockets() {
    assertThat(Address.ofListener("*:8000-8010"))
        .isEqualTo(new Address.Reading.Good(new Address("*", 8000, 8010)));
    assertThat(Address.ofServer("unix:/run/a.sock"))
        .isEqualTo(new Address.Reading.Unix("/run/a.sock"));
    assertThat(Address.ofServer("8080"))
        .isEqualTo(new Address.Reading.Good(new Address("8080", 0, 0)));
    assertThat(Address.ofServer("a:8000-8010")).isEqualTo(new Address.Reading.Bad("invalid port"));
  }
}
