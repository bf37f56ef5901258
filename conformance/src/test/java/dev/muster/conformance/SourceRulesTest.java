package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every main source keeps the house's rules; and each rule is shown just kept and just broken.
class SourceRulesTest {

  @Test
  void everyMainSourceKeepsTheRules() {
    List<Path> sources =
        Stream.concat(
                Repository.modules().stream()
                    .flatMap(
                        module ->
                            Repository.files(module.resolve("src/main/java"), ".java").stream()),
                Repository.files(Repository.ROOT.resolve("build"), ".java").stream())
            .toList();
    assertThat(sources).isNotEmpty();
    assertThat(
            sources.stream()
                .flatMap(
                    source ->
                        SourceRules.check(Repository.name(source), Repository.read(source))
                            .stream()))
        .isEmpty();
  }

  @Nested
  class Planted {
    private static final String LIFTED = "// Cap lifted: planted, to see it lifted\n";

    @Test
    void fileTooLong() {
      assertGreen("package a;\n" + "\n".repeat(498) + "class A {}\n");
      assertRed("package a;\n" + "\n".repeat(499) + "class A {}\n", "A.java:1: 501 lines");
      assertGreen(LIFTED + "package a;\n" + "\n".repeat(499) + "class A {}\n");
    }

    @Test
    void methodTooLong() {
      assertGreen(inClass("void a() {\n" + "a();\n".repeat(58) + "}\n"));
      assertRed(inClass("void a() {\n" + "a();\n".repeat(59) + "}\n"), ":2: method a has 61 lines");
      assertGreen(inClass(LIFTED + "void a() {\n" + "a();\n".repeat(59) + "}\n"));
      assertRed(inClass("A() {\n" + "a();\n".repeat(59) + "}\n"), "method A has 61 lines");
      assertRed(inClass("static {\n" + "a();\n".repeat(59) + "}\n"), "initializer has 61 lines");
    }

    @Test
    void lineTooLong() {
      assertGreen(inClass("// " + "x".repeat(97) + "\n"));
      assertRed(inClass("// " + "x".repeat(98) + "\n"), ":2: 101 columns");
      assertGreen(inClass(LIFTED + "String a = \"" + "x".repeat(98) + "\";\n"));
      assertGreen(inClass("// https://example.org/" + "x".repeat(98) + "\n"));
      assertGreen("import a." + "x".repeat(98) + ";\n");
      assertGreen(inClass("// " + "\uD83D\uDE80".repeat(97) + "\n"));
    }

    @Test
    void lineOfATextBlockTooLong() {
      String block = "String a =\n\"\"\"\n" + "x".repeat(101) + "\n\"\"\";\n";
      assertRed(inClass(block), ":4: 101 columns");
      assertGreen(inClass(LIFTED + block));
      assertGreen(inClass("void a() {\n" + LIFTED + block + "}\n"));
    }

    @Test
    void interfaceTooWide() {
      String free = "default void b() {}\nstatic void c() {}\nprivate void d() {}\n";
      String face = "/// A face.\n%spublic interface A {\n" + free + "%s}\n";
      assertGreen(face.formatted("", numbered(10, "void a%d();\n", "")));
      String wide = numbered(11, "void a%d();\n", "");
      assertRed(face.formatted("", wide), "interface A has 11 abstract methods");
      assertGreen(face.formatted(LIFTED, wide));
      assertGreen("interface A {\n" + wide + "}\n");
    }

    @Test
    void constructorTooWide() {
      assertGreen(inClass("A(" + numbered(7, "int a%d", ", ") + ") {}\n"));
      String wide = "A(" + numbered(8, "int a%d", ", ") + ") {}\n";
      assertRed(inClass(wide), "constructor A has 8 parameters");
      assertGreen(inClass(LIFTED + wide));
      assertGreen(inClass("void a(" + numbered(8, "int a%d", ", ") + ") {}\n"));
    }

    @Test
    void recordTooWide() {
      String constants = "static final int B = 1;\n";
      assertGreen("record A(" + numbered(10, "int a%d", ", ") + ") {\n" + constants + "A {}\n}\n");
      String wide = "record A(" + numbered(11, "int a%d", ", ") + ") {}\n";
      assertRed(wide, "record A has 11 parameters");
      assertGreen(LIFTED + wide);
    }

    @Test
    void publicTypeWithoutComment() {
      assertRed("public class A {}\n", "public type A has no /// comment");
      assertRed("/** Old style. */\npublic class A {}\n", "public type A has no /// comment");
      assertGreen("/// A thing.\n@Deprecated\npublic class A {}\n");
      assertGreen("class A {\n  public static class Inner {}\n}\n");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "LeaseManager",
          "ManagerOfLeases",
          "JsonHelper",
          "StringUtil",
          "StringUtils",
          "ClockImpl",
          "AbstractClock"
        })
    void namesThatSayNothing(String name) {
      assertRed("class " + name + " {}\n", name + ": no ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Implicit", "Utility", "Managerial", "Abstraction", "Simple"})
    void namesThatOnlyBeginLikeThose(String name) {
      assertGreen("class " + name + " {}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"util", "utils", "common", "core", "base", "impl", "misc"})
    void packagesThatSayNothing(String name) {
      assertRed("package dev.muster." + name + ".deep;\n", "package " + name + " says nothing");
      assertGreen("package dev.muster." + name + "x;\n");
    }

    @Test
    void authorTags() {
      assertRed("/// A thing.\n///\n/// @author me\nclass A {}\n", ":3: no @author");
      assertRed("/** @author me */\nclass A {}\n", ":1: no @author");
      assertGreen(inClass("String a = \"// @author\";\n"));
    }

    @Test
    void todoWithoutIssue() {
      assertRed(inClass("int a; // TODO later\n"), ":2: TODO without an issue");
      assertRed(inClass("/* \n FIXME (ann) */\n"), ":3: FIXME without an issue");
      assertGreen(inClass("// TODO #12: later\n// TODO(#13) too\n"));
      assertGreen(inClass("String a = \"// TODO later\";\nchar b = '\"'; // fine\n"));
    }

    @Test
    void sourceThatDoesNotParse() {
      assertRed("class {\n", "A.java:1: <identifier> expected");
    }

    private static String inClass(String member) {
      return "class A {\n" + member + "}\n";
    }

    private static String numbered(int count, String pattern, String separator) {
      return IntStream.range(0, count)
          .mapToObj(pattern::formatted)
          .collect(Collectors.joining(separator));
    }

    private static void assertGreen(String source) {
      assertThat(SourceRules.check("A.java", source)).isEmpty();
    }

    private static void assertRed(String source, String message) {
      assertThat(SourceRules.check("A.java", source)).singleElement().asString().contains(message);
    }
  }
}
