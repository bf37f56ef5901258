package dev.muster.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");

  @Test
  void isUpToDate() throws IOException {
    String page = ReferencePage.render();
    if (Boolean.getBoolean("page.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("run this test with -Dpage.write=true").hasContent(page);
  }
}
