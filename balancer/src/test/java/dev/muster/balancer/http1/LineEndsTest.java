package dev.muster.balancer.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineEndsTest {
  private final LineEnds lineEnds = new LineEnds();

  /// The array after completion; `N` stands for a line feed, `R` for a carriage return.
  private String completed(String text, int room) {
    byte[] sent = text.replace('N', '\n').replace('R', '\r').getBytes(ISO_8859_1);
    byte[] bytes = Arrays.copyOf(sent, sent.length + room);
    int count = lineEnds.complete(bytes, sent.length);
    return new String(bytes, 0, count, ISO_8859_1).replace('\n', 'N').replace('\r', 'R');
  }

  @ParameterizedTest
  @CsvSource({
    "aNbNN, aRNbRNRN",
    "aRNbNRN, aRNbRNRN",
    "aNbRNN, aRNbRNRN",
    "NaNN, RNaRNRN",
    "RNaNN, RNaRNRN",
    "aN, aRN",
    "N, RN",
    "aNb, aRNb",
    "aNbR, aRNbR",
  })
  void bareLineFeedsOfAHeadAreCompleted(String sent, String read) {
    assertThat(completed(sent, 8)).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({"aRNbRNRNbodyN", "aRN", "a", "aRb", "RR"})
  void whatLacksNothingStays(String sent) {
    assertThat(completed(sent, 8)).isEqualTo(sent);
    assertThat(lineEnds.inserted()).isZero();
  }

  @Test
  void whatFollowsTheHeadIsLeftOut() {
    assertThat(completed("aNNbNNc", 8)).isEqualTo("aRNRN");
    assertThat(lineEnds.inserted()).isEqualTo(2);
  }

  @Test
  void withoutRoomTheHeadStaysToBeRefused() {
    assertThat(completed("aNbNN", 2)).isEqualTo("aNbNN");
    assertThat(completed("aNbNN", 3)).isEqualTo("aRNbRNRN");
  }

  @Test
  void noBareLineFeedIsLeftWhateverIsSent() {
    var random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        text.append("aRN".charAt(random.nextInt(3)));
      }
      String completed = completed(text.toString(), 12);
      int removed = completed.length() - lineEnds.inserted();
      if (lineEnds.inserted() > 0) {
        assertThat(completed).as(text.toString()).doesNotContainPattern("(^|[^R])N");
      }
      assertThat(text.toString().replaceAll("R*N", "N"))
          .startsWith(completed.replaceAll("R*N", "N"));
      assertThat(removed).isBetween(0, text.length());
    }
  }
}
