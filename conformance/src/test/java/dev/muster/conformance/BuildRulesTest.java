package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The build itself turns red. Small modules under the product's parent, each with one violation,
/// are compiled by the Maven that runs this test; a clean one among them shows that it is the
/// violation which is refused.
class BuildRulesTest {

  /// A module with one class, and what the build says of it.
  private enum Planted {
    CLEAN("", ""),
    ERROR_PRONE("String a = new int[0].toString();", "[ArrayToString]"),
    NULL_AWAY("Object a = null;", "[NullAway]"),
    DOCLINT("/// See [Nowhere].\npublic int a;", "reference not found"),
    LINT("java.util.List a;", "[rawtypes]");

    private final String member;
    private final String rule;

    Planted(String member, String rule) {
      this.member = member;
      this.rule = rule;
    }

    /// A folder and artifact of its own.
    String module() {
      return "planted-" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  @TempDir static Path folder;
  private static ProcessOutput compiled;

  @BeforeAll
  static void compileOnce() throws IOException, InterruptedException {
    folder = folder.toRealPath();
    StringBuilder modules = new StringBuilder();
    for (Planted planted : Planted.values()) {
      Path source = folder.resolve(planted.module()).resolve("src/main/java/planted");
      Files.createDirectories(source);
      Files.writeString(
          source.resolve("package-info.java"),
          """
          /// Planted.
          @org.jspecify.annotations.NullMarked
          package planted;
          """);
      Files.writeString(
          source.resolve("Plant.java"),
          """
          package planted;

          /// Planted.
          public final class Plant {
            private Plant() {}

            %s
          }
          """
              .formatted(planted.member));
      pom(folder.resolve(planted.module()), planted.module(), "");
      modules.append("<module>").append(planted.module()).append("</module>");
    }
    pom(folder, "planted", "<packaging>pom</packaging><modules>" + modules + "</modules>");
    compiled = maven(folder, "--fail-at-end", "compile");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLEAN")
  void aViolationIsRefusedByName(Planted planted) {
    assertThat(result(planted)).as(compiled.text()).isEqualTo("FAILURE");
    String reported = "/" + planted.module() + "/src/main/java/planted/Plant.java";
    assertThat(compiled.text().lines())
        .as(compiled.text())
        .anyMatch(line -> line.contains(reported) && line.contains(planted.rule));
  }

  @Test
  void aCleanModuleIsAccepted() {
    assertThat(result(Planted.CLEAN)).as(compiled.text()).isEqualTo("SUCCESS");
    assertThat(folder.resolve(Planted.CLEAN.module()).resolve("target/classes/planted/Plant.class"))
        .exists();
  }

  @Test
  void badFormattingIsRefused(@TempDir Path sources) throws IOException, InterruptedException {
    Path source = sources.resolve("Plant.java");
    Files.writeString(source, "class Plant {\n  int a;\n}\n");
    ProcessOutput green = format(sources);
    assertThat(green.exitCode()).as(green.text()).isZero();
    assertThat(green.text()).contains("format: 1 files, 0 badly formatted");

    Files.writeString(source, "class Plant {\n    int a;\n}\n");
    ProcessOutput red = format(sources);
    assertThat(red.exitCode()).as(red.text()).isNotZero();
    assertThat(red.text()).contains("1 badly formatted", "  Plant.java");
  }

  /// The root's own formatter step, on other sources.
  private static ProcessOutput format(Path sources) throws IOException, InterruptedException {
    return maven(
        Repository.ROOT, "--non-recursive", "validate", "-Dformat.folder=" + sources.toRealPath());
  }

  /// What the reactor's summary says of a module.
  private static String result(Planted planted) {
    var line = Pattern.compile(planted.module() + " \\.+ (\\w+)").matcher(compiled.text());
    assertThat(line.find()).as(compiled.text()).isTrue();
    return line.group(1);
  }

  private static void pom(Path module, String artifact, String more) throws IOException {
    Path parent = module.relativize(Repository.ROOT.toRealPath().resolve("build/pom.xml"));
    Files.writeString(
        module.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <parent>
            <groupId>dev.muster</groupId>
            <artifactId>muster-product</artifactId>
            <version>%s</version>
            <relativePath>%s</relativePath>
          </parent>
          <artifactId>%s</artifactId>
          %s
        </project>
        """
            .formatted(Repository.property("muster.version"), parent, artifact, more));
  }

  private static ProcessOutput maven(Path folder, String... arguments)
      throws IOException, InterruptedException {
    var command =
        new ProcessBuilder(
            Repository.property("maven.home") + "/bin/mvn",
            "-o",
            "-B",
            "-Dmaven.repo.local=" + Repository.property("maven.local.repository"));
    command.command().addAll(List.of(arguments));
    command.directory(folder.toFile());
    // Whoever runs us may have made Maven quiet, and we read what it says.
    command.environment().keySet().removeAll(List.of("MAVEN_OPTS", "MAVEN_ARGS"));
    command.environment().put("JAVA_HOME", Repository.property("maven.java.home"));
    return ProcessOutput.of(command);
  }
}
