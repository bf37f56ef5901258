package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the README tells a newcomer to type does what the README says.
@Timeout(180)
class WalkthroughTest {
  @TempDir Path folder;

  @Test
  void theReadmesCommandsDoWhatItSays() throws Exception {
    Path readme = Repository.ROOT.resolve("README.md");
    String text = Files.exists(readme) ? Repository.read(readme) : "";
    assertThat(Walkthrough.of("README.md", text).wrong(folder)).isEmpty();
  }

  @Nested
  class Planted {
    @Test
    void aPageThatTellsTheTruth() throws Exception {
      assertThat(Walkthrough.of("planted", page()).wrong(folder)).isEmpty();
    }

    @Test
    void aPageThatDoesNot() throws Exception {
      String lying =
          page()
              .replace("# => consul", "# => consulate")
              .replace("# => value of 8500", "# => value of 8501");
      List<String> wrong = Walkthrough.of("planted", lying).wrong(folder);
      assertThat(wrong).as(wrong.toString()).hasSize(2);
      assertThat(wrong.getFirst())
          .startsWith("planted, line 6 of its walkthrough")
          .contains("\"./muster catalog services", "expected \"consulate\"", "\nconsul\n");
      assertThat(wrong.getLast()).contains("expected \"value of 8501\"");
    }

    @Test
    void aPageWithoutAWalkthrough() {
      assertThatThrownBy(() -> Walkthrough.of("planted", "```bash\ntrue # => a\n```\n"))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("planted has no walkthrough");
    }

    @Test
    void aPageThatExpectsNothing() {
      String mute = "<!-- walkthrough -->\n```bash\ntrue\n```\n";
      assertThatThrownBy(() -> Walkthrough.of("planted", mute))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("expects nothing");
    }

    private String page() throws IOException, URISyntaxException {
      URL page = WalkthroughTest.class.getResource("/walkthrough.md");
      return Files.readString(Path.of(Objects.requireNonNull(page).toURI()));
    }
  }
}
