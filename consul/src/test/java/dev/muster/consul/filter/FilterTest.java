package dev.muster.consul.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  record Probe(String name, String state, List<String> tags) {}

  record Place(String address, int port) {}

  record Thing(
      String name,
      int port,
      boolean isGood,
      List<String> tags,
      Map<String, String> meta,
      List<Probe> probes,
      Map<String, Place> places) {}

  private static final Element<Probe> PROBE =
      Element.<Probe>empty()
          .text("Name", Probe::name)
          .text("State", Probe::state)
          .texts("Tags", Probe::tags);
  private static final Element<Place> PLACE =
      Element.<Place>empty().text("Address", Place::address).number("Port", Place::port);
  private static final Element<Thing> THING =
      Element.<Thing>empty()
          .text("Name", Thing::name)
          .number("Port", Thing::port)
          .truth("Good", Thing::isGood)
          .texts("Tags", Thing::tags)
          .textsByKey("Meta", Thing::meta)
          .part("Inner", PLACE, thing -> new Place("in", thing.port()))
          .parts("Probes", PROBE, Thing::probes)
          .partsByKey("Places", PLACE, Thing::places);

  private static final Thing WEB =
      new Thing(
          "web-1",
          8080,
          true,
          List.of("v1", "prod"),
          Map.of("rack", "r1", "a/b", "x y", "empty", ""),
          List.of(
              new Probe("ping", "passing", List.of("fast")),
              new Probe("disk", "critical", List.of())),
          Map.of("lan", new Place("10.0.0.1", 80)));
  private static final Thing BARE =
      new Thing("web-1", 0, false, List.of(), Map.of(), List.of(), Map.of());

  private static boolean test(String expression, Thing thing) {
    return Filter.parse(expression, THING).test(thing);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Name == \"web-1\"",
        "Name==`web-1`",
        "Name != web",
        "  Port == 8080  ",
        "Port==\"8080\"",
        "Port != -1",
        "Good == true and Good != 0",
        "Name contains web",
        "web in Name",
        "db not in Name",
        "Name matches \"^w.b-[0-9]$\"",
        "Name not matches `^b`",
        "Name is not empty",
        "prod in Tags",
        "Tags contains v1",
        "Tags not contains v2",
        "\"v2\" not in Tags",
        "Tags is not empty",
        "Tags.0 == v1",
        "Tags.7 != v1",
        "Tags.7 is nil",
        "rack in Meta",
        "Meta contains \"a/b\"",
        "Meta.rack == r1",
        "Meta[\"rack\"] == r1",
        "Meta[ `a/b` ] == \"x y\"",
        "Meta.none != r1",
        "Meta.none is empty",
        "Meta.none is nil",
        "Meta.none not matches `.*`",
        "Meta.empty is empty and Meta.empty is not nil",
        "\"/Meta/rack\" == r1",
        "\"/Meta/a~1b\" contains x",
        "\"/Inner/Port\" == 8080",
        "Inner.Address == in",
        "Inner is not nil",
        "Places.lan.Port == 80",
        "Places[\"wan\"] is nil",
        "Probes.State == critical",
        "Probes.State != critical",
        "Probes.0.State == passing",
        "Probes.Tags contains fast",
        "Probes is not empty",
        "not Port == 1",
        "not not Port == 8080",
        "not (Port == 1 or Port == 2)",
        "Port == 1 or Port == 8080 and Good == true",
        "(Port == 1 or Port == 8080) and (((Good == true)))",
        "Port == 1 and Port == 2 or Good == true",
        "any Probes as p { p.State == critical and p.Name == disk }",
        "all Probes as p{p.Name is not empty}",
        "any Probes as i, p { i == 1 and p.Name == disk }",
        "any Probes as i, _ { i == 1 }",
        "any Tags as t { t matches `^pr` }",
        "all Tags as _ { Port == 8080 }",
        "any Meta as k { k == rack }",
        "any Meta as k, v { k == rack and v == r1 }",
        "any Meta as _, v { v == \"x y\" }",
        "any Places as p, q { p == lan and q.Port == 80 }",
        "any Probes as p { any p.Tags as t { t == fast } }",
        "not any Probes as p { p.State == warning }",
        "Name\n==\t\"web-1\"",
        "Name == \"w\\x65b\\u002d\\061\"",
        "Meta.rack == \"r1\" and \"x\" in Meta[\"a/b\"]"
      })
  void holdsForWhatItDescribes(String expression) {
    assertThat(test(expression, WEB)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Name == `WEB-1`",
        "Port == 1",
        "Meta.none == r1",
        "Meta.none contains r",
        "r in Meta.none",
        "Meta.none is not empty",
        "Meta.none is not nil",
        "Meta.none matches `.*`",
        "Tags.7 == v1",
        "Tags is empty",
        "prod not in Tags",
        "Probes.State == warning",
        "any Probes as p { p.State == critical and p.Name == ping }",
        "all Probes as p { p.State == passing }",
        "not Good == true",
        "Port == 8080 and Good == false"
      })
  void failsForWhatItDoesNotDescribe(String expression) {
    assertThat(test(expression, WEB)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Tags is empty, true",
    "Tags is nil, true",
    "Meta is nil, true",
    "Name is nil, false",
    "Port is nil, false",
    "Probes.State == passing, false",
    "Probes.State != passing, false",
    "all Probes as p { p.State == passing }, true",
    "any Probes as p { p.State == passing }, false",
    "any Meta as k { k == rack }, false"
  })
  void emptyCollectionsHaveNoElementOfAnyKind(String expression, boolean holds) {
    assertThat(test(expression, BARE)).isEqualTo(holds);
  }

  private static void refused(String expression, String start) {
    assertThatThrownBy(() -> Filter.parse(expression, THING))
        .as(expression)
        .isInstanceOf(InvalidFilter.class)
        .message()
        .startsWith(start);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      value = {
        "(((|1:4 (3): no match found, expected: \"(\", \"not\"",
        "Name|1:5 (4): no match found, expected: \"==\", \"!=\"",
        "Name =|1:6 (5): no match found, expected: \"==\", \"!=\"",
        "Name ==|1:8 (7): no match found, expected: a word, a number or a string, found the end",
        "Name == web-1|1:12 (11): no match found, expected: \"and\", \"or\" or the end (a value"
            + " with",
        "Port == 1 and|1:14 (13): no match found, expected: a space",
        "Port == 1 xor|1:11 (10): no match found, expected: \"and\", \"or\" or the end, found"
            + " \"xor\"",
        "(Port == 1|1:11 (10): no match found, expected: \"and\", \"or\" or \")\"",
        "Port == 1)|1:10 (9): no match found",
        "Port == 10.1.1.1|Invalid number literal at 1:9 (8), a value with other characters is put",
        "Name == \"web|Unterminated string literal at 1:9 (8)",
        "Name == `web|Unterminated string literal at 1:9 (8)",
        "Name == \"\\q\"|Invalid escape in a string at 1:10 (9)",
        "Meta[rack] == 1|1:6 (5): no match found, expected: a string",
        "Meta[\"rack\" == 1|1:13 (12): no match found, expected: \"]\"",
        "Meta. == 1|1:6 (5): no match found, expected: a word or digits",
        "\"web\" == Name|1:1 (0): no match found, expected: a selector, such as Service",
        "web in \"Name\"|1:8 (7): no match found, expected: a selector",
        "Name is|1:8 (7): no match found, expected: \"empty\", \"nil\" or \"not\"",
        "Name is not|1:12 (11): no match found, expected: \"empty\" or \"nil\"",
        "Name not|1:9 (8): no match found, expected: \"contains\", \"in\" or \"matches\"",
        "any Probes as p|1:16 (15): no match found, expected: \",\" or \"{\"",
        "any Probes as 1 {|1:15 (14): no match found, expected: a name or \"_\"",
        "any Probes as p { p.Name == x|1:30 (29): no match found, expected: \"and\", \"or\" or"
            + " \"}\"",
        "Bogus == web|Selector \"Bogus\" is not valid at 1:1 (0), expected one of Good, Inner, Met",
        "Port == 1 or Inner.Bogus.x == 1|Selector \"Inner.Bogus\" is not valid at 1:14 (13)",
        "Name.x == 1|Selector \"Name.x\" is not valid at 1:1 (0), there is nothing below it",
        "Tags.x == 1|Selector \"Tags.x\" is not valid at 1:1 (0), expected the index",
        "any == 1|Selector \"any\" is not valid at 1:1 (0)",
        "any Tags as t { t.x == 1 }|Selector \"t.x\" is not valid at 1:17 (16)",
        "any Name as t { t == 1 }|Selector \"Name\" cannot be iterated over at 1:5 (4), it is text",
        "Port matches `1`|Invalid match operator \"Matches\" for selector \"Port\" at 1:1 (0), it"
            + " is a",
        "Tags == v1|Invalid match operator \"Equal\" for selector \"Tags\" at 1:1 (0), it is a"
            + " list",
        "Inner is empty|Invalid match operator \"Is Empty\" for selector \"Inner\" at 1:1 (0), it"
            + " has",
        "Port == x|Failed to coerce value \"x\" for selector \"Port\" at 1:9 (8), expected a whole",
        "Port == 1.5|Failed to coerce value \"1.5\" for selector \"Port\" at 1:9 (8)",
        "Good == yes|Failed to coerce value \"yes\" for selector \"Good\" at 1:9 (8), expected true"
            + " or",
        "Name matches `[`|Failed to compile regular expression \"[\" at 1:14 (13), error parsing",
        "Name matches `(?<=a)b`|Failed to compile regular expression"
      })
  void saysWhereItCannotBeUnderstoodAndWhatWasExpected(String expression, String start) {
    refused(expression, start);
  }

  @Test
  void countsLines() {
    refused("Port == 1\n  and Bogus == 1", "Selector \"Bogus\" is not valid at 2:7 (16)");
  }

  @Test
  void isBounded() {
    refused("Name == \"" + "a".repeat(9000) + "\"", "Expression too long at 1:8193");
    refused("(".repeat(60) + "Port == 1" + ")".repeat(60), "Expression too deep at 1:52");
    refused("not ".repeat(60) + "Port == 1", "Expression too deep");
    refused("Port == 1" + " or Port == 1".repeat(300), "Too many match expressions at");
    refused(
        "any Tags as a { any Tags as b { any Tags as c { c == a } } }",
        "Too many any and all inside each other at 1:37");
    assertThat(test("Port == 1" + " or Port == 8080".repeat(199), WEB)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((a{1000}){1000})",
        "(((a?){30}){30}){30}",
        "(a{100}[)]){1000}",
        "[\\Q[\\E]((a{1000}){1000})",
        "\\Q[\\E((a{1000}){1000})",
        "[[:alpha:]]((a{1000}){1000}",
        "(((((((((((((((((((((((((((((((((((((((((((((((((((a)))))))))))))))))))))))))))))))))))))))"
      })
  void aPatternThatUnfoldsToTooMuchIsRefused(String pattern) {
    refused("Name matches `" + pattern + "`", "Failed to compile regular expression ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        "^(([0-9]{1,3})\\.){3}[0-9]{1,3}$",
        "(?i)\\p{Greek}{2,5}|(?P<x>y{0,900})",
        "^(a+)+$"
      })
  void usualPatternsAreTaken(String pattern) {
    var thing =
        new Thing("a".repeat(4000) + "!", 0, false, List.of(), Map.of(), List.of(), Map.of());
    // Would not end in our days if it backtracked.
    assertThat(test("Name matches `" + pattern + "` or Port == 0", thing)).isTrue();
  }

  @Test
  void anyTextIsAFilterOrRefusedWithAColumn() {
    List<String> parts = new ArrayList<>();
    parts.addAll(
        List.of("Name", "Port", "Good", "Tags", "Meta", "Inner", "Probes", "Places", ".State"));
    parts.addAll(List.of(".rack", "[\"rack\"]", ".0", "==", "!=", "(", ")", "{", "}", ",", "_"));
    parts.addAll(List.of("contains", "in", "is", "not", "empty", "nil", "matches", "any", "all"));
    parts.addAll(List.of("as", "and", "or", "p", "p.State", "true", "1", "-3.5", "\"", "`", "\\"));
    parts.addAll(List.of("\"/Meta/rack\"", "\"v1\"", "`(a*)*{3}`", "\n", "\t", "é", "\0", "😀"));
    int taken = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      boolean wellSpaced = random.nextInt(8) > 0;
      for (int i = random.nextInt(14); i >= 0; i--) {
        text.append(parts.get(random.nextInt(parts.size()))).append(wellSpaced ? " " : "");
      }
      if (random.nextInt(20) == 0) {
        text.append((char) random.nextInt(0x10000));
      }
      taken += isTaken(seed, text.toString()) ? 1 : 0;
    }
    assertThat(taken).isPositive();
  }

  @Test
  void aDamagedFilterIsAFilterOrRefusedWithAColumn() {
    String whole =
        "not (Port == 1 or any Probes as i, p { p.State matches `^c.*` and \"v1\" in Tags })"
            + " and Meta[\"rack\"] is not nil";
    for (int seed = 0; seed < 8_000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(whole);
      for (int damage = random.nextInt(3); damage >= 0; damage--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.setCharAt(at, whole.charAt(random.nextInt(whole.length())));
          default -> text.insert(at, (char) (32 + random.nextInt(95)));
        }
      }
      isTaken(seed, text.toString());
    }
  }

  private static boolean isTaken(long seed, String text) {
    try {
      Filter<Thing> filter = Filter.parse(text, THING);
      filter.test(WEB);
      filter.test(BARE);
      return true;
    } catch (InvalidFilter e) {
      assertThat(e.explanation()).as("seed " + seed).containsPattern("\\d+:\\d+ \\(\\d+\\)");
      assertThat(e.explanation()).as("seed " + seed).doesNotContainPattern("\\p{Cntrl}");
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("seed " + seed + ": " + text, e);
    }
  }
}
