package dev.muster.consul.form;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/// The members of a JSON object in a request, found as Consul finds them: without regard to case
/// and underscores, null as if absent. Each accessor marks its member as known; [#end] refuses the
/// rest.
public final class Fields {
  private final Map<String, Map.Entry<String, JsonNode>> members = new LinkedHashMap<>();
  private final Set<String> known = new HashSet<>();

  private Fields(JsonNode object) {
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      members.put(normal(member.getKey()), member);
    }
  }

  /// The members of an object.
  ///
  /// @throws Refusal if it is no object
  public static Fields of(JsonNode node) {
    if (!node.isObject()) {
      throw Refusal.undecodable("expected a JSON object, found " + kind(node));
    }
    return new Fields(node);
  }

  private static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "");
  }

  private Optional<JsonNode> get(String name) {
    String normal = normal(name);
    known.add(normal);
    Map.Entry<String, JsonNode> member = members.get(normal);
    return member == null || member.getValue().isNull()
        ? Optional.empty()
        : Optional.of(member.getValue());
  }

  /// Whether no member says anything.
  public boolean isEmpty() {
    return members.values().stream().allMatch(member -> isZero(member.getValue()));
  }

  /// Whether the member says anything: clients also send what they leave at Go's zero value.
  public boolean has(String name) {
    return get(name).filter(node -> !isZero(node)).isPresent();
  }

  private static boolean isZero(JsonNode node) {
    return switch (node.getNodeType()) {
      case NULL, MISSING -> true;
      case STRING -> node.stringValue().isEmpty();
      case BOOLEAN -> !node.booleanValue();
      case NUMBER -> node.decimalValue().signum() == 0;
      case ARRAY -> node.isEmpty();
      case OBJECT -> node.properties().stream().allMatch(member -> isZero(member.getValue()));
      case BINARY, POJO -> false;
    };
  }

  /// Whether the member is there and not null; it may still be empty or zero.
  public boolean isGiven(String name) {
    return get(name).isPresent();
  }

  public String string(String name) {
    return get(name).map(node -> asString(name, node)).orElse("");
  }

  /// The first of the names that has a value.
  public String string(String name, String alias) {
    String value = string(name);
    String other = string(alias);
    return value.isEmpty() ? other : value;
  }

  public int integer(String name, int absent) {
    return get(name).map(node -> asInt(name, node)).orElse(absent);
  }

  /// A number of 64 bits, of which clients use all; 0 if absent.
  public long unsigned(String name) {
    return get(name).map(node -> asUnsigned(name, node)).orElse(0L);
  }

  /// What is sent in Base64.
  public Optional<byte[]> bytes(String name) {
    return get(name)
        .map(
            node -> {
              try {
                return Base64.getDecoder().decode(asString(name, node));
              } catch (IllegalArgumentException e) {
                throw Refusal.undecodable(
                    "field \"%s\": illegal base64 data: %s".formatted(name, e.getMessage()));
              }
            });
  }

  public boolean bool(String name) {
    return bool(name, false);
  }

  public boolean bool(String name, boolean absent) {
    return get(name)
        .map(
            node -> {
              if (!node.isBoolean()) {
                throw wrong(name, "true or false", node);
              }
              return node.booleanValue();
            })
        .orElse(absent);
  }

  /// Go's notation, or a number of nanoseconds.
  public Duration duration(String name) {
    return get(name).map(node -> asDuration(name, node)).orElse(Duration.ZERO);
  }

  public List<String> strings(String name) {
    List<String> values = new ArrayList<>();
    get(name).ifPresent(node -> addStrings(name, node, values));
    return values;
  }

  public List<Double> numbers(String name) {
    List<Double> values = new ArrayList<>();
    get(name)
        .ifPresent(
            node -> {
              if (!node.isArray()) {
                throw wrong(name, "an array of numbers", node);
              }
              for (JsonNode element : node) {
                if (!element.isNumber()) {
                  throw wrong(name, "a number", element);
                }
                values.add(element.doubleValue());
              }
            });
    return values;
  }

  public Map<String, String> stringMap(String name) {
    Map<String, String> values = new LinkedHashMap<>();
    object(name)
        .ifPresent(node -> node.forEachMember((k, v) -> values.put(k, asStringOrNull(k, v))));
    return values;
  }

  public Map<String, List<String>> stringsMap(String name) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    object(name)
        .ifPresent(
            node ->
                node.forEachMember(
                    (key, value) -> {
                      List<String> list = new ArrayList<>();
                      addStrings(key, value, list);
                      values.put(key, list);
                    }));
    return values;
  }

  public Optional<Fields> object(String name) {
    return get(name)
        .map(
            node -> {
              if (!node.isObject()) {
                throw wrong(name, "an object", node);
              }
              return new Fields(node);
            });
  }

  public List<Fields> objects(String name) {
    List<Fields> values = new ArrayList<>();
    get(name)
        .ifPresent(
            node -> {
              if (!node.isArray()) {
                throw wrong(name, "an array of objects", node);
              }
              node.forEach(element -> values.add(of(element)));
            });
    return values;
  }

  /// Every member with a value, by its name as it was written.
  public void forEachMember(BiConsumer<String, JsonNode> action) {
    members.values().forEach(member -> action.accept(member.getKey(), member.getValue()));
  }

  /// Members that have a meaning in Consul but none here.
  public void ignore(String... names) {
    for (String name : names) {
      known.add(normal(name));
    }
  }

  /// One namespace and one partition are here: `default`.
  public void requireDefault(String... names) {
    for (String name : names) {
      String value = string(name);
      if (!value.isEmpty() && !value.equals("default")) {
        throw new Refusal(
            400,
            "Bad request: %s \"%s\" - only \"default\" is here; others are a Consul Enterprise"
                    .formatted(name, value)
                + " feature");
      }
    }
  }

  /// Ends the reading: everything that was sent must have been asked for.
  ///
  /// @throws Refusal if a member is left that nobody asked for
  public void end() {
    members.forEach(
        (normal, member) -> {
          if (!known.contains(normal)) {
            throw Refusal.undecodable("json: unknown field \"" + member.getKey() + "\"");
          }
        });
  }

  private static void addStrings(String name, JsonNode node, List<String> values) {
    if (node.isNull()) {
      return;
    }
    if (!node.isArray()) {
      throw wrong(name, "an array of strings", node);
    }
    node.forEach(element -> values.add(asStringOrNull(name, element)));
  }

  /// Inside lists and maps null is the empty text, as in Go.
  private static String asStringOrNull(String name, JsonNode node) {
    return node.isNull() ? "" : asString(name, node);
  }

  private static String asString(String name, JsonNode node) {
    if (!node.isString()) {
      throw wrong(name, "a string", node);
    }
    return node.stringValue();
  }

  private static int asInt(String name, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw wrong(name, "a whole number", node);
    }
    return node.intValue();
  }

  private static long asUnsigned(String name, JsonNode node) {
    if (!node.isIntegralNumber()
        || node.bigIntegerValue().signum() < 0
        || node.bigIntegerValue().bitLength() > Long.SIZE) {
      throw wrong(name, "a whole number of 64 bits, not negative", node);
    }
    return node.bigIntegerValue().longValue();
  }

  private static Duration asDuration(String name, JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return Duration.ofNanos(node.longValue());
    }
    String text = asString(name, node);
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    return GoDuration.parse(text)
        .orElseThrow(
            () ->
                Refusal.undecodable(
                    "field \"%s\": time: invalid duration \"%s\", want for example \"10s\""
                        .formatted(name, text)));
  }

  private static Refusal wrong(String name, String expected, JsonNode found) {
    return Refusal.undecodable(
        "field \"%s\": expected %s, found %s".formatted(name, expected, kind(found)));
  }

  private static String kind(JsonNode node) {
    String text = node.toString();
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return node.getNodeType().name().toLowerCase(Locale.ROOT) + " " + shown;
  }
}
