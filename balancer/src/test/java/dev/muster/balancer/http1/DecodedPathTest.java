package dev.muster.balancer.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Paths of virtual servers: decoded, resolved, merged, or refused.
class DecodedPathTest {
  private static @Nullable String decode(String path, boolean merges) {
    byte[] source = path.getBytes(StandardCharsets.ISO_8859_1);
    byte[] decoded = DecodedPath.decode(source, 0, source.length, merges);
    return decoded == null ? null : new String(decoded, StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a, /a",
    "/a/, /a/",
    "/a/b/.., /a/",
    "/a/b/../c, /a/c",
    "/a/./b, /a/b",
    "/a/., /a/",
    "/., /",
    "/a/.., /",
    "/%61/%2e%2E/b, /b",
    "/a/b/c/../../d, /a/d",
    "/a//b, /a/b",
    "///, /",
    "/a%2Fb, /a/b",
    "/a/%2F/b, /a/b",
    "/%3Fq%23%25, /?q#%",
    "/a%20b+c, /a b+c",
    "/..., /...",
    "/.well-known/..x, /.well-known/..x",
    "/a;.., /a;..",
    "/a\\b, /a\\b"
  })
  void resolvesWhatEveryServerReadsTheSame(String sent, String decoded) {
    assertThat(decode(sent, true)).isEqualTo(decoded);
  }

  @Test
  void slashesAreMergedOnlyIfAsked() {
    assertThat(decode("/a//b///", false)).isEqualTo("/a//b///");
    assertThat(decode("//", false)).isEqualTo("//");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/../a",
        "/a/../..",
        "/%2e%2e/",
        "/a//../b",
        "/a//b/../../c",
        "/..;x/a",
        "/a/..;/b",
        "/a%2F../b",
        "/a/..%2Fb",
        "/a%2F..%2Fb",
        "/a\\..\\b",
        "/a%5c..%5cb",
        "/a/.%3B",
        "/a/..\\b",
        "/x%2Fy/../z",
        "/%",
        "/%4",
        "/%zz",
        "/%00",
        "/.%2Fa"
      })
  void refusesWhatServersReadDifferently(String sent) {
    assertThat(decode(sent, true)).isNull();
    assertThat(decode(sent, false)).isNull();
  }

  @Test
  void whatIsDecodedIsDoneWith() {
    SplittableRandom random = new SplittableRandom(4);
    String[] pieces = {
      "/", "/", ".", "..", "a", "b%20", "%2e", "%2F", "%5C", ";", "%25", "//", "/./", "/../", "%3f"
    };
    int accepted = 0;
    for (int round = 0; round < 100_000; round++) {
      StringBuilder path = new StringBuilder("/");
      for (int i = random.nextInt(9); i > 0; i--) {
        path.append(pieces[random.nextInt(pieces.length)]);
      }
      String once = decode(path.toString(), true);
      if (once == null) {
        continue;
      }
      accepted++;
      assertThat(once + "/").as(path.toString()).startsWith("/").doesNotContain("/../", "/./");
      assertThat(once).as(path.toString()).doesNotContain("//");
      String again = decode(once.replace("%", "%25").replace("?", "%3F"), true);
      assertThat(again).as(path.toString()).isEqualTo(once);
    }
    assertThat(accepted).isBetween(10_000, 90_000);
  }
}
