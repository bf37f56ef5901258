package dev.muster.agent.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.agent.hcl.Document.Format;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HclReaderTest {

  private static Value.Group read(String text) {
    try {
      return Document.read("a.hcl", text, Format.HCL);
    } catch (Malformed e) {
      throw new AssertionError(text, e);
    }
  }

  private static String json(String text) {
    return read(text).toJson().toString();
  }

  private static String problem(String text) {
    Malformed problem =
        catchThrowableOfType(Malformed.class, () -> Document.read("a.hcl", text, Format.HCL));
    assertThat(problem).as("read without a problem: " + text).isNotNull();
    return problem.report();
  }

  static Stream<Arguments> documents() {
    return Stream.of(
        Arguments.of("", "{}"),
        Arguments.of("\uFEFFa = 1", "{'a':1}"),
        Arguments.of("a = 1\nb = \"x\"\nc = true\nd = false", "{'a':1,'b':'x','c':true,'d':false}"),
        Arguments.of("a = 1 b = 2", "{'a':1,'b':2}"),
        Arguments.of("a = 1,\nb = 2,", "{'a':1,'b':2}"),
        Arguments.of("a=-1\nb=1.5\nc=1e3\nd=-2.5e-3", "{'a':-1,'b':1.5,'c':1000,'d':-0.0025}"),
        Arguments.of("a = 0x1F\nb = -0x10\nc = 017\nd = 0", "{'a':31,'b':-16,'c':15,'d':0}"),
        Arguments.of("ports { http = 1 }", "{'ports':{'http':1}}"),
        Arguments.of("ports = { http = 1, dns = 2 }", "{'ports':{'http':1,'dns':2}}"),
        Arguments.of("ports {\n  http = 1\n  dns = 2\n}", "{'ports':{'http':1,'dns':2}}"),
        Arguments.of("a {}", "{'a':{}}"),
        Arguments.of("service_prefix \"\" {}", "{'service_prefix':{'':{}}}"),
        Arguments.of(
            "service_prefix \"\" { policy = \"read\" }",
            "{'service_prefix':{'':{'policy':'read'}}}"),
        Arguments.of("a \"b\" c { d = 1 }", "{'a':{'b':{'c':{'d':1}}}}"),
        Arguments.of("s { n = 1 }\ns { n = 2 }", "{'s':[{'n':1},{'n':2}]}"),
        Arguments.of("s { n = 1 } s { n = 2 } s {}", "{'s':[{'n':1},{'n':2},{}]}"),
        Arguments.of("k \"a\" { p = 1 } k \"b\" {}", "{'k':[{'a':{'p':1}},{'b':{}}]}"),
        Arguments.of("s { n = 1 }\ns = [{ n = 2 }]", "{'s':[{'n':2}]}"),
        Arguments.of("a = 1\na = 2", "{'a':2}"),
        Arguments.of("a = []", "{'a':[]}"),
        Arguments.of("a = [\"x\", 1, true, [2], { b = 3 },]", "{'a':['x',1,true,[2],{'b':3}]}"),
        Arguments.of("a = [\n  {n = 1},\n  {n = 2}\n]", "{'a':[{'n':1},{'n':2}]}"),
        Arguments.of("\"quoted key\" = 1", "{'quoted key':1}"),
        Arguments.of("disable_compat_1.9 = true", "{'disable_compat_1.9':true}"),
        Arguments.of("a-b_c = 1", "{'a-b_c':1}"),
        Arguments.of("größe = 1", "{'größe':1}"),
        Arguments.of("# one\na = 1 # two\n// three\nb = 2 // four", "{'a':1,'b':2}"),
        Arguments.of("/* one\ntwo */ a = /* x */ 1 /**/", "{'a':1}"),
        Arguments.of("a = \"# no // comment /* */\"", "{'a':'# no // comment /* */'}"),
        Arguments.of("a = \"\\t\\n\\\\\\x41\\u00e9\\101\"", "{'a':'\\t\\n\\\\Aé" + "A'}"),
        Arguments.of("a = \"say \\\"x\\\"\"", "{'a':'say \\'x\\''}"),
        Arguments.of("a = \"${b(\"c\")}-${d}\"", "{'a':'${b(\\'c\\')}-${d}'}"),
        Arguments.of("a = <<EOF\nx\n  y\nEOF\nb = 1", "{'a':'x\\n  y\\n','b':1}"),
        Arguments.of("a = <<EOF\n\"raw\" \\n\n  EOF\n", "{'a':'\\'raw\\' \\\\n\\n'}"),
        Arguments.of("a = <<-EOF\n  x\n    y\n  EOF\n", "{'a':'x\\n  y\\n'}"),
        Arguments.of("a = <<-EOF\n x\n  y\n  EOF\n", "{'a':' x\\n  y\\n'}"),
        Arguments.of("a = <<EOF\nEOF", "{'a':''}"),
        Arguments.of("a = <<EOF\r\nx\r\nEOF\r\nb = 1\r\n", "{'a':'x\\r\\n','b':1}"),
        Arguments.of("{\"a\": {\"b\": [1, null]}}", "{'a':{'b':[1,null]}}"));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void reads(String text, String json) {
    assertThat(json(text)).isEqualTo(json.replace("\\'", "\\\"").replace('\'', '"'));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("a", "a.hcl:1:2: expected = or { after a, found the end of the file"),
        Arguments.of("a =", "a.hcl:1:4: expected a value, found the end of the file"),
        Arguments.of("= 1", "a.hcl:1:1: expected a key, found '='"),
        Arguments.of("1 = 1", "a.hcl:1:1: expected a key, found 1"),
        Arguments.of("a = 1\n}", "a.hcl:2:1: expected a key, found '}'"),
        Arguments.of("a {\n  b = 1\n", "a.hcl:3:1: expected } for the { of line 1, found the end"),
        Arguments.of("a = [1 2]", "a.hcl:1:8: expected , or ] for the [ of line 1, found 2"),
        Arguments.of("a = [1,", "a.hcl:1:8: expected a value, found the end of the file"),
        Arguments.of("a = [,]", "a.hcl:1:6: expected a value, found ','"),
        Arguments.of("a = b", "a.hcl:1:5: expected a value, found b: texts need quotes"),
        Arguments.of("a = 'b'", "a.hcl:1:5: texts are in double quotes"),
        Arguments.of("a: 1", "a.hcl:1:2: ':' is JSON's; HCL writes key = value"),
        Arguments.of("\n\n  a = \"b", "a.hcl:3:7: the text is not closed by \""),
        Arguments.of("a = \"b\nc\"", "a.hcl:1:5: the text is not closed by \" in its line"),
        Arguments.of("a = \"\\q\"", "a.hcl:1:6: there is no escape \\q; for a \\ write \\\\"),
        Arguments.of("a = \"\\u12\"", "a.hcl:1:6: the escape needs 4 digits of a character"),
        Arguments.of("a = \"${b\"", "a.hcl:1:5: ${ is not closed by }"),
        Arguments.of("a = 1\n/* b", "a.hcl:2:1: the comment is not closed by */"),
        Arguments.of("a = <<EOF\nb\n", "a.hcl:1:5: there is no line with EOF alone"),
        Arguments.of("a = << EOF\nb\nEOF", "a.hcl:1:5: << needs a word such as EOF"),
        Arguments.of("a = <b", "a.hcl:1:5: nothing begins with '<'"),
        Arguments.of("a = 08", "a.hcl:1:5: 08 is not a number"),
        Arguments.of("a = 12ab", "a.hcl:1:5: 12ab is not a number"),
        Arguments.of("a = 0x", "a.hcl:1:5: 0x is not a number"),
        Arguments.of("a = 1e999", "a.hcl:1:5: 1e999 is out of range"),
        Arguments.of("a \"b\" = 1", "a.hcl:1:7: expected a key's one name before =, found 2"),
        Arguments.of("a = 1\nb = @", "a.hcl:2:5: nothing begins with '@'"),
        Arguments.of("a = " + "[".repeat(200), "a.hcl:1:105: nested deeper than 100"),
        Arguments.of("{\"a\": }", "a.hcl:1:7: this is not JSON"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsToldWithItsPlace(String text, String start) {
    assertThat(problem(text)).startsWith(start).doesNotContain("\n");
  }

  @Test
  void everyKeyAndValueKnowsItsPlace() {
    Value.Group root = read("# first\na = 1\nb {\n  c = [\n    2,\n  ]\n}\n");
    assertThat(root.members().get(0).place()).hasToString("a.hcl:2:1");
    assertThat(root.members().get(0).value().place()).hasToString("a.hcl:2:5");
    Value.Group b = (Value.Group) root.members().get(1).value();
    assertThat(b.members().getFirst().place()).hasToString("a.hcl:4:3");
    Value.Sequence c = (Value.Sequence) b.members().getFirst().value();
    assertThat(c.elements().getFirst().place()).hasToString("a.hcl:5:5");
  }

  @Test
  void jsonKnowsItsPlacesToo() throws Malformed {
    Value.Group root = Document.read("a.json", "{\n  \"a\": {\n    \"b\": 1\n  }\n}", Format.JSON);
    Value.Group a = (Value.Group) root.members().getFirst().value();
    assertThat(root.members().getFirst().place()).hasToString("a.json:2:3");
    assertThat(a.members().getFirst().place()).hasToString("a.json:3:5");
    assertThat(a.members().getFirst().value().place()).hasToString("a.json:3:10");
  }

  @Test
  void theSameInBothLanguagesIsTheSame() {
    String hcl = "service { name = \"web\" port = 80 tags = [\"a\"] check { ttl = \"5s\" } }";
    String json =
        "{\"service\":{\"name\":\"web\",\"port\":80,\"tags\":[\"a\"],\"check\":{\"ttl\":\"5s\"}}}";
    assertThat(json(hcl)).isEqualTo(json).isEqualTo(json(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.JSON", "b.json", "noname"})
  void theFormatIsThatOfTheNameOrOfTheText(String name) {
    assertThat(Format.of(name, " {\"a\": 1}")).isEqualTo(Format.JSON);
    assertThat(Format.of("a.hcl", "{\"a\": 1}")).isEqualTo(Format.HCL);
    assertThat(Format.of("noname", "a = 1")).isEqualTo(Format.HCL);
  }

  /// Whatever is thrown at it, the answer is a document or a problem with a line.
  @Test
  void neverAnythingButAProblemWithALine() {
    List<String> pieces =
        List.of(
            "a",
            "b-c",
            "\"x\"",
            "\"",
            "\\",
            "=",
            "{",
            "}",
            "[",
            "]",
            ",",
            "\n",
            " ",
            "1",
            "-",
            "0x",
            "1e",
            ".",
            "<<",
            "<<-",
            "EOF",
            "EOF\n",
            "#",
            "//",
            "/*",
            "*/",
            "${",
            "true",
            "\r\n",
            ":",
            "\u0000",
            "é",
            "\uD83D\uDE80",
            "\uD83D",
            "\\u",
            "\\U00110000",
            "\"\\xff\"",
            "1e309");
    for (int seed = 0; seed < 20_000; seed++) {
      var random = new Random(seed);
      var text = new StringBuilder(random.nextBoolean() ? "a = " : "");
      for (int i = random.nextInt(30); i > 0; i--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      Format format = random.nextInt(8) == 0 ? Format.JSON : Format.HCL;
      try {
        Value.Group root = Document.read("f", text.toString(), format);
        assertThat(root.toJson().isObject()).isTrue();
      } catch (Malformed e) {
        assertThat(e.report()).as("seed " + seed).matches("(?s)f:[1-9]\\d*:[1-9]\\d*: .+");
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed %d: %s".formatted(seed, text), e);
      }
    }
  }

  @Test
  void jsonBeyondTheLimitsOfItsParserIsToldLikeAnyMistake() {
    for (String value : List.of("[".repeat(600) + "]".repeat(600), "1".repeat(1200))) {
      assertThat(problem("{\"a\": " + value + "}")).startsWith("a.hcl:1:").contains("not JSON: ");
    }
  }
}
