package dev.muster.consul;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Spoils one or two members of a JSON document.
final class SpoiltJson {
  /// Stands for what is put in as text, because no parser would make it.
  private static final String MARK = "@spoilt@";

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1",
          "1.5",
          "-0.0",
          "1e999",
          "-1e999",
          "1e-999",
          "1E400",
          "65536",
          "2147483648",
          "9223372036854775807",
          "-9223372036854775808",
          "18446744073709551615",
          "18446744073709551616",
          "9".repeat(400),
          "9".repeat(5_000),
          "0." + "1".repeat(400),
          "\"\"",
          "\" \"",
          "\"x\"",
          "\"7\"",
          "\"true\"",
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "\"a\\nb\"",
          "\"\\u007f\"",
          "\"\\u001b[31m\"",
          "\"\\ud800\"",
          "\"\\udc00x\"",
          "\"a\\ud83d\\ud83d\"",
          "\"\\u2028\"",
          "\"é💩\"",
          "\"../..\"",
          "\"a/b\"",
          "\"%00\"",
          "\"%s%n\"",
          "\"${match(9)}\"",
          "\"${\"",
          "\"(?i)[\"",
          "\"nope\"",
          "\"dc2\"",
          "\"default\"",
          "\"" + "x".repeat(513) + "\"",
          "\"" + "ж".repeat(600) + "\"",
          "\"" + "y".repeat(70_000) + "\"",
          "\"" + "z".repeat(200_000) + "\"",
          "\"11111111-2222-3333-4444-555555555555\"",
          "\"10s\"",
          "\"-10s\"",
          "\"1e9s\"",
          "\"99999999999h\"",
          "\"2562047h47m16.854775807s\"",
          "\"0\"",
          "\"!!\"",
          "\"0.0.0.0\"",
          "\"::\"",
          "\"http://\"",
          "\"http://a b\"",
          "\"h:0\"",
          "\"h:99999\"",
          "\"[::1]:80\"",
          "\"NaN\"",
          "\"Infinity\"",
          "\"1d\"",
          "\"0x1p3\"",
          "{}",
          "[]",
          "[null]",
          "[1]",
          "[\"\"]",
          "[\"a\\u0000\"]",
          "[\"\\ud800\"]",
          "[\"a\",\"a\"]",
          "[[]]",
          "[{}]",
          "{\"\":null}",
          "{\"\":\"\"}",
          "{\"a\":1}",
          "{\"a\":null}",
          "{\"a\":{}}",
          "{\"a\":\"b\"}",
          "{\"\\ud800\":\"x\"}",
          "{\"a\\u0000\":\"x\"}",
          "{\"a\":[null]}",
          "{\"a\":1e999}",
          "{\"a b\":\"c\"}",
          "[".repeat(450) + "]".repeat(450),
          "[".repeat(10_000),
          "{\"a\":".repeat(450) + "1" + "}".repeat(450),
          "'x'",
          "NaN",
          "Infinity",
          "01",
          "+1",
          "undefined",
          "\"\\x\"",
          "\"\u0001\"",
          "");

  private final Random random;

  SpoiltJson(Random random) {
    this.random = random;
  }

  /// A member of an object or an element of an array.
  private record Place(JsonNode in, String name, int index) {}

  String of(String document) {
    JsonNode root = JsonMapper.shared().readTree(document);
    String value = "null";
    for (int i = random.nextInt(3) == 0 ? 2 : 1; i > 0; i--) {
      List<Place> places = new ArrayList<>();
      collect(root, places);
      if (places.isEmpty()) {
        return pick(VALUES);
      }
      value = pick(VALUES);
      spoil(pick(places), i == 1);
    }
    String text = JsonMapper.shared().writeValueAsString(root).replace("\"" + MARK + "\"", value);
    return random.nextInt(12) == 0 ? text.substring(0, random.nextInt(text.length())) : text;
  }

  private static void collect(JsonNode node, List<Place> places) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        places.add(new Place(object, member.getKey(), -1));
        collect(member.getValue(), places);
      }
    }
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        places.add(new Place(array, "", i));
        collect(array.get(i), places);
      }
    }
  }

  /// @param isLast whether the mark may be left, of which one is replaced
  private void spoil(Place place, boolean isLast) {
    switch (place.in()) {
      case ObjectNode object -> {
        switch (random.nextInt(isLast ? 12 : 3)) {
          case 0 -> object.remove(place.name());
          case 1 -> object.set(place.name() + "x", object.remove(place.name()));
          case 2 -> object.putNull(place.name());
          case 3 -> object.put(place.name().toUpperCase(Locale.ROOT) + "_", MARK);
          default -> object.put(place.name(), MARK);
        }
      }
      case ArrayNode array -> {
        if (isLast) {
          array.set(place.index(), MARK);
        } else {
          array.addNull();
        }
      }
      default -> throw new IllegalStateException("no container: " + place.in());
    }
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
