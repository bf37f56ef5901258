package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever file the documentation names is there.
class DocsTest {

  @Test
  void everyLinkAndPathResolves() {
    assertThat(
            Repository.files(Repository.ROOT, ".md").stream()
                .flatMap(
                    file ->
                        new DocLinks(Repository.ROOT, file, Repository.read(file))
                            .broken().stream()))
        .isEmpty();
  }

  @Nested
  class Planted {
    @TempDir Path root;

    @BeforeEach
    void plant() throws IOException {
      Files.createDirectories(root.resolve("docs"));
      Files.createDirectories(root.resolve("registry/src"));
      Files.writeString(root.resolve("registry/src/Lease.java"), "");
      Files.writeString(root.resolve("docs/a name.md"), "");
      Files.writeString(root.resolve("muster"), "");
    }

    @Test
    void linksThatResolve() {
      assertThat(
              broken(
                  """
                  [a](../registry/src/Lease.java#L3) [b](a%20name.md "title") [c](#here) [d](../docs)
                  [e](https://example.org/nothing.md), not code: `[f](gone.md)`
                  [g]: ../muster
                  ```
                  [h](gone.md) `registry/gone`
                  ```
                  """))
          .isEmpty();
    }

    @Test
    void linksThatDoNot() {
      assertThat(broken("fine\n\n[a](gone.md#x)\n"))
          .containsExactly(
              "docs/page.md:3: the link gone.md#x leads nowhere, seen from its folder");
      assertThat(broken("[a]: gone.md\n")).hasSize(1);
      assertThat(broken("[a](registry/src)\n")).as("links are relative to the page").hasSize(1);
    }

    @Test
    void pathsThatResolve() {
      assertThat(
              broken(
                  """
                  `registry/src/Lease.java`, `registry/src/Lease.java:12`, `../registry/`, `./muster`
                  `cli/target/muster`, `/v1/kv/a`, `text/html`, `registry/<name>.java`, `muster demo`
                  `etc/nginx.conf`, `./muster agent -dev`, `{a}/b.java`
                  """))
          .isEmpty();
    }

    @Test
    void pathsThatDoNot() {
      assertThat(broken("See `registry/src/Gone.java`."))
          .containsExactly(
              "docs/page.md:1: the path registry/src/Gone.java leads nowhere, seen from its folder"
                  + " and the root");
      assertThat(broken("`registry/gone` `./gone` `attic/Old.java`")).hasSize(3);
    }

    private List<String> broken(String text) {
      return new DocLinks(root, root.resolve("docs/page.md"), text).broken();
    }
  }
}
