package dev.muster.balancer.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.proxyprotocol.ProxyHeader.Result;
import dev.muster.balancer.proxyprotocol.ProxyHeader.Result.Found;
import dev.muster.balancer.proxyprotocol.ProxyHeader.Result.Incomplete;
import dev.muster.balancer.proxyprotocol.ProxyHeader.Result.Malformed;
import dev.muster.balancer.request.Client.Proxied;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// PROXY headers as HAProxy's specification has them, cut off, mutated and made up.
class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private static Result read(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    return ProxyHeader.read(bytes, bytes.length);
  }

  private static Result readHex(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return ProxyHeader.read(bytes, bytes.length);
  }

  private static Proxied proxied(String source, int port, String destination, int to) {
    return new Proxied(new InetSocketAddress(source, port), new InetSocketAddress(destination, to));
  }

  @Test
  void readsLines() {
    assertThat(read("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\nGET"))
        .isEqualTo(new Found(45, proxied("192.0.2.1", 56324, "198.51.100.2", 443)));
    assertThat(read("PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"))
        .isEqualTo(new Found(36, proxied("2001:db8::1", 1, "::1", 65535)));
    assertThat(read("PROXY UNKNOWN\r\n")).isEqualTo(new Found(15, null));
    assertThat(read("PROXY UNKNOWN ffff::1 what ever\r\n")).isEqualTo(new Found(33, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "PROXX",
        "PROXY TCP4 192.0.2.1 198.51.100.2 56324\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443 1\r\n",
        "PROXY TCP4  192.0.2.1 198.51.100.2 56324 443\r\n",
        "PROXY TCP4 ::1 198.51.100.2 56324 443\r\n",
        "PROXY TCP6 192.0.2.1 198.51.100.2 56324 443\r\n",
        "PROXY TCP6 [::1] ::1 1 2\r\n",
        "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n",
        "PROXY TCP4 192.0.2.256 198.51.100.2 1 443\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 65536 443\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 -1 443\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 01 443\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 1 443\n\r\n",
        "PROXY UDP4 192.0.2.1 198.51.100.2 1 443\r\n",
        "PROXY UNKNOWNS\r\n",
      })
  void refusesOtherLines(String line) {
    assertThat(read(line)).isInstanceOf(Malformed.class);
  }

  @Test
  void aLineHasAnEnd() {
    String endless = "PROXY UNKNOWN " + "x".repeat(200);
    assertThat(read(endless.substring(0, 106))).isInstanceOf(Incomplete.class);
    assertThat(read(endless.substring(0, 107))).isInstanceOf(Malformed.class);
    assertThat(read(endless + "\r\n")).isInstanceOf(Malformed.class);
  }

  @Test
  void readsBinaries() {
    String addresses = "c0000201c6336402dc0401bb";
    assertThat(readHex(SIGNATURE + "2111000c" + addresses))
        .isEqualTo(new Found(28, proxied("192.0.2.1", 56324, "198.51.100.2", 443)));
    assertThat(readHex(SIGNATURE + "21110013" + addresses + "0400040000000041"))
        .as("options are skipped")
        .isEqualTo(new Found(35, proxied("192.0.2.1", 56324, "198.51.100.2", 443)));
    assertThat(readHex(SIGNATURE + "20000000")).as("LOCAL").isEqualTo(new Found(16, null));
    assertThat(readHex(SIGNATURE + "2011000c" + addresses))
        .as("LOCAL with addresses")
        .isEqualTo(new Found(28, null));
    assertThat(readHex(SIGNATURE + "21310002ffff")).as("a path").isEqualTo(new Found(18, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1111000c",
        "2211000c",
        "2f11000c",
        "2111000bc0000201c6336402dc0401",
        "21210023",
        "2100ffff",
        "21110ff1"
      })
  void refusesOtherBinaries(String rest) {
    assertThat(readHex(SIGNATURE + rest)).isInstanceOf(Malformed.class);
  }

  @Test
  void readsWhatItWrites() {
    for (Proxied proxied :
        new Proxied[] {
          proxied("10.1.2.3", 1, "10.3.2.1", 65535), proxied("2001:db8::7", 70, "::1", 443)
        }) {
      byte[] text = ProxyHeader.text(proxied.source(), proxied.destination());
      byte[] binary = ProxyHeader.binary(proxied.source(), proxied.destination());
      assertThat(ProxyHeader.read(text, text.length)).isEqualTo(new Found(text.length, proxied));
      assertThat(ProxyHeader.read(binary, binary.length))
          .isEqualTo(new Found(binary.length, proxied));
    }
    assertThat(
            new String(
                ProxyHeader.text(
                    new InetSocketAddress("10.1.2.3", 5), new InetSocketAddress("::1", 6)),
                StandardCharsets.US_ASCII))
        .isEqualTo("PROXY TCP6 ::ffff:10.1.2.3 ::1 5 6\r\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void mutationsAreNeverTakenForMoreThanTheyAre(long seed) {
    Random random = new Random(seed);
    var source = new InetSocketAddress("192.0.2.1", 56324);
    var destination = new InetSocketAddress("198.51.100.2", 443);
    int refused = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] whole =
          random.nextBoolean()
              ? ProxyHeader.text(source, destination)
              : ProxyHeader.binary(source, destination);
      for (int cut = 0; cut < whole.length; cut++) {
        if (i == 0) {
          assertThat(ProxyHeader.read(whole, cut)).isInstanceOf(Incomplete.class);
        }
      }
      byte[] mutated = Arrays.copyOf(whole, whole.length + random.nextInt(3));
      for (int n = random.nextInt(3); n >= 0; n--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      switch (ProxyHeader.read(mutated, mutated.length)) {
        case Found(int length, _) -> assertThat(length).isBetween(15, mutated.length);
        case Malformed _ -> refused++;
        case Incomplete _ -> assertThat(mutated.length).isLessThan(ProxyHeader.BYTES_MAX);
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }
}
