package dev.muster.nginx.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParserTest {
  @TempDir Path folder;

  @Test
  void wordsQuotesAndEscapes() {
    Directive directive =
        only(
            """
            # a comment; with } and "
            log_format main '$remote_addr "$request"' "a\\tb\\"c" d\\;e#f ${host}x ''; # more
            """);
    assertThat(directive.name()).isEqualTo("log_format");
    assertThat(directive.texts())
        .containsExactly("main", "$remote_addr \"$request\"", "a\tb\"c", "d\\;e#f", "${host}x", "");
    assertThat(directive.words().stream().map(Word::quoted))
        .containsExactly(false, true, true, false, false, true);
    assertThat(directive.block()).isEmpty();
    assertThat(directive.at().line()).isEqualTo(2);
  }

  @Test
  void aDirectiveIsWhereItEnds() {
    Document document = parse("server\n{\n  listen\n80\n;}\n");
    Directive server = document.directives().getFirst();
    assertThat(server.at().line()).isEqualTo(2);
    assertThat(server.inside().getFirst().at().line()).isEqualTo(5);
  }

  @Test
  void aBraceInAWordOpensABlockUnlessQuoted() {
    assertThat(only("location ~ \"^/a{2}$\" { }").word(1)).isEqualTo("^/a{2}$");
    assertThat(only("location ~ ^/a{2}$ { }").inside().getFirst().name()).isEqualTo("2}$");
    assertThat(only("if ($a = \"b\"){ }").texts()).containsExactly("($a", "=", "b", ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `}`                   | unexpected "}" in FILE:1
          `a;\\n}`              | unexpected "}" in FILE:2
          `;`                   | unexpected ";" in FILE:1
          `{ }`                 | unexpected "{" in FILE:1
          `a }`                 | unexpected "}" in FILE:1
          `a "b"c;`             | unexpected "c" in FILE:1
          `a b`                 | unexpected end of file, expecting ";" or "}" in FILE:1
          `a "b;\\n`            | unexpected end of file, expecting ";" or "}" in FILE:2
          `a {\\n b;\\n`        | unexpected end of file, expecting "}" in FILE:3
          `a { b { } `          | unexpected end of file, expecting "}" in FILE:1
          `include;`            | invalid number of arguments in "include" directive in FILE:1
          `include a b;`        | invalid number of arguments in "include" directive in FILE:1
          `include { }`         | directive "include" is not terminated by ";" in FILE:1
          """)
  void whatIsNotTheLanguageIsSaidInNginxsWords(String text, String expected) {
    Document document = parse(text.replace("\\n", "\n"));
    assertThat(document.broken().map(Problem::text))
        .contains(expected.replace("FILE", folder.resolve("nginx.conf").toString()));
  }

  @Test
  void aMissingIncludeIsAnErrorWhereItStands() {
    Path missing = folder.resolve("missing.conf");
    assertThat(parse("a;\ninclude missing.conf;\nb;").broken().map(Problem::text))
        .contains(
            "open() \"%s\" failed (2: No such file or directory) in %s:2"
                .formatted(missing, folder.resolve("nginx.conf")));
    assertThat(Parser.read(missing).broken().map(Problem::text))
        .contains("open() \"%s\" failed (2: No such file or directory)".formatted(missing));
  }

  @Test
  void includesStandWhereTheyAreNamedInOrder() throws IOException {
    Files.createDirectories(folder.resolve("conf.d"));
    Files.writeString(folder.resolve("conf.d/b.conf"), "b;");
    Files.writeString(folder.resolve("conf.d/a.conf"), "a;\n\na2;");
    Files.writeString(folder.resolve("conf.d/.hidden.conf"), "hidden;");
    Files.writeString(folder.resolve("conf.d/other.txt"), "other;");
    Document document =
        write("first; block { include conf.d/*.conf; } include nothing/*.conf; last;");
    assertThat(document.broken()).isEmpty();
    assertThat(document.directives().stream().map(Directive::name))
        .containsExactly("first", "block", "last");
    List<Directive> inside = document.directives().get(1).inside();
    assertThat(inside.stream().map(Directive::name)).containsExactly("a", "a2", "b");
    assertThat(inside.get(1).at())
        .isEqualTo(new Position(folder.resolve("conf.d/a.conf").toString(), 3));
    assertThat(document.sources().stream().map(source -> Path.of(source.file()).getFileName()))
        .containsExactly(Path.of("nginx.conf"), Path.of("a.conf"), Path.of("b.conf"));
  }

  @Test
  void aBlockEndsInTheFileWhereItBegan() throws IOException {
    Files.writeString(folder.resolve("part.conf"), "a; }");
    assertThat(write("block { include part.conf; }").broken().map(Problem::text))
        .contains("unexpected \"}\" in " + folder.resolve("part.conf") + ":1");
  }

  @Test
  void aFileThatIncludesItselfIsAnError() throws IOException {
    assertThat(write("include *.conf;").broken().orElseThrow().text())
        .contains("includes itself in " + folder.resolve("nginx.conf") + ":1");
  }

  @Test
  void nestingIsBounded() {
    assertThat(parse("a {".repeat(100_000)).broken().orElseThrow().text())
        .contains("blocks are nested too deeply");
  }

  @Test
  void aWordThatNeverEndsIsReportedWhereItBegins() {
    String file = folder.resolve("nginx.conf").toString();
    assertThat(parse("a;\nb \"" + "c\n".repeat(4000)).broken().orElseThrow().text())
        .isEqualTo(
            "too long parameter, probably missing terminating \"\"\" character in " + file + ":2");
    assertThat(parse("b " + "c".repeat(5000)).broken().orElseThrow().text())
        .isEqualTo("too long parameter \"cccccccccc...\" started in " + file + ":1");
  }

  @Test
  void whatWasReadBeforeTheErrorIsThere() {
    Document document = parse("http { server { listen 80; } upstream");
    assertThat(document.broken()).isPresent();
    assertThat(document.directives().getFirst().inside().getFirst().name()).isEqualTo("server");
  }

  @Test
  void theCommandLineTakesNoBlocks() {
    Document fine = Parser.commandLine("daemon off; pid /run/a.pid;", folder);
    assertThat(fine.directives().stream().map(Directive::name)).containsExactly("daemon", "pid");
    assertThat(Parser.commandLine("http { }", folder).broken().map(Problem::text))
        .contains("block directives are not supported in -g option in command line");
    assertThat(Parser.commandLine("daemon off", folder).broken().map(Problem::text))
        .contains("unexpected end of parameter, expecting \";\" in command line");
  }

  private Directive only(String text) {
    List<Directive> directives = parse(text).directives();
    assertThat(directives).hasSizeGreaterThanOrEqualTo(1);
    return directives.getFirst();
  }

  private Document parse(String text) {
    return Parser.text(text, folder.resolve("nginx.conf"));
  }

  private Document write(String text) throws IOException {
    return Parser.read(Files.writeString(folder.resolve("nginx.conf"), text));
  }
}
