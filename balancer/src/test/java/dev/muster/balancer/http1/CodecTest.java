package dev.muster.balancer.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The codec alone: what it makes of prefixes, of pieces and of noise.
class CodecTest {
  private static final long SEED = 3;
  private static final String HEAD =
      "\r\nPOST http://H.test:80/a%2Fb/c?d=e HTTP/1.1\r\nHost: other\r\nA: b\r\n"
          + "Connection: x, keep-alive\r\nX: y\r\nTransfer-Encoding: chunked\r\n"
          + "X-Forwarded-For: z\r\nUpgrade: h2c\r\n\r\n";
  private static final String RESPONSE =
      "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\nConnection: close\r\n\r\n";

  private final RequestHead request = new RequestHead(8192, 32768, 100);
  private final ResponseHead response = new ResponseHead(8192, 32768, 100);

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void everyPrefixOfAHeadIsIncomplete() {
    byte[] head = octets(HEAD + "rest");
    byte[] answer = octets(RESPONSE + "rest");
    for (int length = 0; length < HEAD.length(); length++) {
      assertThat(request.parse(head, 0, length)).isEqualTo(HeaderBlock.INCOMPLETE);
    }
    assertThat(request.parse(head, 0, head.length)).isEqualTo(HEAD.length());
    for (int length = 0; length < RESPONSE.length(); length++) {
      assertThat(response.parse(answer, 0, length)).isEqualTo(HeaderBlock.INCOMPLETE);
    }
    assertThat(response.parse(answer, 0, answer.length)).isEqualTo(RESPONSE.length());
    assertThat(response.contentLength()).isEqualTo(5);
    assertThat(response.keepsAlive()).isFalse();
  }

  @Test
  void keepsNeighboursTogetherAndLeavesTheRestOut() {
    byte[] head = octets(HEAD);
    request.parse(head, 0, head.length);
    HeadWriter out = new HeadWriter();
    request.writeRequestLine(out);
    request.headers().dropForwarding();
    request.headers().writeKept(out);
    assertThat(new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1))
        .isEqualTo("POST /a%2Fb/c?d=e HTTP/1.1\r\nA: b\r\n");
    assertThat(request.bodyLength()).isEqualTo(-1);
    assertThat(request.keepsAlive()).isTrue();
    assertThat(request.isIdempotent()).isFalse();
  }

  @Test
  void noiseIsRefusedOrReadButNeverBreaksTheReader() {
    Random random = new Random(SEED);
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = octets(random.nextBoolean() ? HEAD : RESPONSE);
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = noise(random);
      }
      int to = random.nextInt(bytes.length + 1);
      int from = Math.min(random.nextInt(8), to);
      int end = request.parse(bytes, from, to);
      assertThat(end).as("seed %d round %d", SEED, round).isBetween(HeaderBlock.REFUSED, to);
      end = response.parse(bytes, from, to);
      assertThat(end).as("seed %d round %d", SEED, round).isBetween(HeaderBlock.REFUSED, to);
    }
  }

  private static byte noise(Random random) {
    String likely = "\r\n\t :;,%./\\\"\0\u0001\u007f\u00ff09aAzZ#@[]";
    return random.nextBoolean()
        ? (byte) likely.charAt(random.nextInt(likely.length()))
        : (byte) random.nextInt(256);
  }

  @Test
  void chunksReadTheSameInPieces() {
    Random random = new Random(SEED);
    for (int round = 0; round < 2000; round++) {
      StringBuilder data = new StringBuilder();
      String body = randomBody(random, data);
      byte[] bytes = octets(body + "rest");
      if (random.nextInt(3) == 0) {
        bytes[random.nextInt(bytes.length)] = noise(random);
      }
      int whole = scan(bytes, random, bytes.length);
      assertThat(scan(bytes, random, 3)).as("seed %d round %d", SEED, round).isEqualTo(whole);
      ByteBuf in = Unpooled.wrappedBuffer(bytes);
      ByteBuf out = Unpooled.buffer();
      int end = new ChunkScanner(1000, 10).unwrap(in, 0, bytes.length, out);
      assertThat(end).isEqualTo(whole);
      if (whole == body.length()
          && body.equals(new String(bytes, 0, whole, StandardCharsets.ISO_8859_1))) {
        assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo(data.toString());
      }
    }
  }

  private static String randomBody(Random random, StringBuilder data) {
    StringBuilder body = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      String chunk = "0\r\n;x".repeat(1 + random.nextInt(4));
      data.append(chunk);
      body.append(Integer.toHexString(chunk.length()));
      body.append(random.nextBoolean() ? ";a=\"b\\\"\";c" : "").append("\r\n");
      body.append(chunk).append("\r\n");
    }
    return body + "0\r\n" + (random.nextBoolean() ? "A: b\r\n" : "") + "\r\n";
  }

  /// Where the body ends, or how the scan ended, when it is fed in pieces up to a size.
  private static int scan(byte[] bytes, Random random, int largest) {
    ChunkScanner scanner = new ChunkScanner(1000, 10);
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    int at = 0;
    while (at < bytes.length && !scanner.isAtEnd()) {
      int to =
          Math.min(
              bytes.length, at + (largest == bytes.length ? largest : 1 + random.nextInt(largest)));
      int end = scanner.scan(in, at, to);
      if (end == HeaderBlock.REFUSED) {
        assertThat(scanner.refusal().status()).isIn(400, 431);
        return end;
      }
      at = end;
    }
    return at;
  }

  @Test
  void pathsThatCouldLeaveTheirPrefixAreRefused() {
    String[] refused = {
      "/..",
      "/.",
      "/a/..",
      "/../a",
      "/%2e",
      "/%2E%2e/",
      "/a%2f..",
      "/a%5c..%5cb",
      "/a\\..\\b",
      "/..;",
      "/..;a/b",
      "/.%3B",
      "/%00",
      "/%",
      "/%4",
      "/%4g"
    };
    for (String path : refused) {
      assertThat(read(path)).as(path).isNull();
    }
    assertThat(read("/a.b/..c/d..")).isEqualTo("/a.b/..c/d..");
    assertThat(read("/.well-known")).isEqualTo("/.well-known");
    assertThat(read("/...")).isEqualTo("/...");
    assertThat(read("/%41%2f%7e%c3?..")).isEqualTo("/A%2F~%C3");
    assertThat(read("/a;..")).isEqualTo("/a;..");
  }

  private static @Nullable String read(String path) {
    TargetPath target = new TargetPath(100);
    byte[] bytes = octets(path);
    return target.read(bytes, 0, bytes.length) == null
        ? new String(
            target.bytes(),
            target.start(),
            target.end() - target.start(),
            StandardCharsets.ISO_8859_1)
        : null;
  }
}
