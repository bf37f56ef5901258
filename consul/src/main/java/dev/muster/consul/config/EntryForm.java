package dev.muster.consul.config;

import dev.muster.consul.form.GoDuration;
import dev.muster.consul.form.Refusal;
import dev.muster.registry.entry.ConfigEntry;
import dev.muster.registry.entry.Inlined;
import dev.muster.registry.entry.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A configuration entry in a request. Its members are the components of the entry's record, found
/// without regard to case and underscores, and taken as loosely as Consul takes them: a number may
/// be a text, a list of one its element.
final class EntryForm {
  /// Kinds of Consul that mean nothing without a mesh, or between datacenters.
  private static final Set<String> NOT_HERE =
      Set.of(
          "terminating-gateway",
          "service-intentions",
          "mesh",
          "exported-services",
          "api-gateway",
          "bound-api-gateway",
          "http-route",
          "tcp-route",
          "inline-certificate",
          "file-system-certificate",
          "sameness-group",
          "jwt-provider",
          "control-plane-request-limit");

  private static final long UNSIGNED_MAX = (1L << 32) - 1;

  private final List<String> unknown = new ArrayList<>();

  private EntryForm() {}

  /// The kind with this word.
  ///
  /// @throws Refusal with the status, if there is none
  static Kind kind(String word, int status, String prefix) {
    return Kind.of(word)
        .orElseThrow(
            () ->
                new Refusal(
                    status,
                    prefix
                        + (NOT_HERE.contains(word)
                            ? "config entry kind %s is not here: it means something in a mesh only"
                                .formatted(word)
                            : "invalid config entry kind: " + word)));
  }

  /// The entry in a body.
  ///
  /// @throws Refusal with 400 if it is no entry; the message says where
  static ConfigEntry read(JsonNode body) {
    return read(body, false);
  }

  /// The same, whatever members it has beside those that are known.
  static ConfigEntry readShown(JsonNode body) {
    return read(body, true);
  }

  private static ConfigEntry read(JsonNode body, boolean takesUnknown) {
    if (!body.isObject()) {
      throw undecodable("expected a JSON object");
    }
    JsonNode word = null;
    for (Map.Entry<String, JsonNode> member : body.properties()) {
      if (normal(member.getKey()).equals("kind")) {
        word = member.getValue();
      }
    }
    if (word == null) {
      throw undecodable("Payload does not contain a kind/Kind key at the top level");
    }
    if (!word.isString()) {
      throw undecodable("Kind value in payload is not a string");
    }
    Kind kind = kind(word.stringValue(), 400, "Bad request: Request decoding failed: ");
    var form = new EntryForm();
    Object entry = form.object(kind.type(), body, "");
    if (!takesUnknown && !form.unknown.isEmpty()) {
      throw undecodable(form.unknownKeys());
    }
    return kind.type().cast(entry);
  }

  private String unknownKeys() {
    StringBuilder text = new StringBuilder();
    text.append(unknown.size()).append(unknown.size() == 1 ? " error" : " errors");
    text.append(" occurred:\n");
    unknown.forEach(key -> text.append("\t* invalid config key \"").append(key).append("\"\n"));
    return text.append("\n").toString();
  }

  static Refusal undecodable(String reason) {
    return new Refusal(400, "Bad request: Request decoding failed: " + reason);
  }

  private static Refusal wrong(String at, String expected, JsonNode found) {
    String text = found.toString();
    return undecodable(
        "%s: expected %s, found %s"
            .formatted(at, expected, text.length() > 40 ? text.substring(0, 40) + "…" : text));
  }

  private static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "");
  }

  private Object object(Class<?> type, JsonNode node, String at) {
    if (node.isArray() && node.size() == 1) {
      return object(type, node.get(0), at);
    }
    if (!node.isObject()) {
      throw wrong(at, "an object", node);
    }
    Map<String, Map.Entry<String, JsonNode>> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      members.put(normal(member.getKey()), member);
    }
    Object made = make(type, members, at);
    requireDefault(members.remove("namespace"), at);
    requireDefault(members.remove("partition"), at);
    if (at.isEmpty()) {
      List.of("kind", "createindex", "modifyindex", "hash").forEach(members::remove);
    }
    members.values().forEach(member -> unknown.add(path(at, member.getKey())));
    return made;
  }

  private static void requireDefault(Map.@Nullable Entry<String, JsonNode> member, String at) {
    if (member != null
        && !member.getValue().isNull()
        && !Set.of("", "default").contains(member.getValue().asString(""))) {
      throw wrong(path(at, member.getKey()), "\"default\", the only one here", member.getValue());
    }
  }

  private static String path(String at, String member) {
    return at.isEmpty() ? member : at + "." + member;
  }

  /// Makes a record of the members that it has, and takes them out.
  private Object make(Class<?> type, Map<String, Map.Entry<String, JsonNode>> members, String at) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      if (component.isAnnotationPresent(Inlined.class)) {
        values[i] = make(component.getType(), members, at);
        continue;
      }
      Map.Entry<String, JsonNode> member = members.remove(normal(component.getName()));
      values[i] =
          member == null || member.getValue().isNull()
              ? nothing(component.getType())
              : value(component.getGenericType(), member.getValue(), path(at, member.getKey()));
    }
    return construct(type, components, values);
  }

  private static Object construct(
      Class<?> type, RecordComponent[] components, @Nullable Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type + " cannot be made of its members", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is no public record", e);
    }
  }

  /// What a member is that was not sent.
  private static @Nullable Object nothing(Class<?> type) {
    if (type == String.class) {
      return "";
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    if (type == double.class) {
      return 0.0;
    }
    return type == Duration.class ? Duration.ZERO : null;
  }

  private Object value(Type type, JsonNode node, String at) {
    if (type instanceof ParameterizedType parameterized) {
      Type[] arguments = parameterized.getActualTypeArguments();
      return parameterized.getRawType() == List.class
          ? list(arguments[0], node, at)
          : map(arguments[1], node, at);
    }
    Class<?> simple = (Class<?>) type;
    if (simple.isRecord()) {
      return object(simple, node, at);
    }
    if (simple == String.class) {
      return text(node, at);
    }
    if (simple == boolean.class) {
      return bool(node, at);
    }
    if (simple == Duration.class) {
      return duration(node, at);
    }
    if (simple == double.class) {
      return number(node, at);
    }
    if (simple == int.class || simple == Integer.class) {
      return (int) whole(node, at, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (simple == long.class || simple == Long.class) {
      return whole(node, at, 0, UNSIGNED_MAX);
    }
    requireShallow(node, at, ConfigEntry.FREE_DEPTH_MAX);
    return JsonMapper.shared().convertValue(node, Object.class);
  }

  /// What is written deeper than the program reads could be saved, but never loaded.
  private static void requireShallow(JsonNode node, String at, int left) {
    if (node.isContainer() && left == 0) {
      throw undecodable(
          "%s: nested more than %d levels deep; make it flatter"
              .formatted(at, ConfigEntry.FREE_DEPTH_MAX));
    }
    for (JsonNode each : node) {
      requireShallow(each, at, left - 1);
    }
  }

  private List<Object> list(Type element, JsonNode node, String at) {
    List<Object> values = new ArrayList<>();
    if (!node.isArray()) {
      values.add(value(element, node, at));
      return values;
    }
    for (JsonNode each : node) {
      values.add(value(element, each, at + "[" + values.size() + "]"));
    }
    return values;
  }

  private Map<String, Object> map(Type element, JsonNode node, String at) {
    Map<String, Object> values = new LinkedHashMap<>();
    // Blocks of HCL that were repeated, each with another label, come as a list of objects.
    for (JsonNode part : node.isArray() ? node : List.of(node)) {
      if (!part.isObject()) {
        throw wrong(at, "an object", part);
      }
      for (Map.Entry<String, JsonNode> member : part.properties()) {
        values.put(
            member.getKey(), value(element, member.getValue(), at + "[" + member.getKey() + "]"));
      }
    }
    return values;
  }

  private static String text(JsonNode node, String at) {
    if (node.isContainer() || node.isNull()) {
      throw wrong(at, "a string", node);
    }
    return node.asString();
  }

  private static boolean bool(JsonNode node, String at) {
    String text = node.isString() ? node.stringValue() : "";
    if (node.isBoolean() || text.equals("true") || text.equals("false")) {
      return node.isBoolean() ? node.booleanValue() : text.equals("true");
    }
    throw wrong(at, "true or false", node);
  }

  private static double number(JsonNode node, String at) {
    try {
      if (node.isNumber() || node.isString()) {
        double number =
            node.isNumber() ? node.doubleValue() : Double.parseDouble(node.stringValue());
        if (Double.isFinite(number)) {
          return number;
        }
      }
      throw wrong(at, "a number", node);
    } catch (NumberFormatException e) {
      throw wrong(at, "a number", node);
    }
  }

  private static long whole(JsonNode node, String at, long min, long max) {
    double number = number(node, at);
    if (number != Math.rint(number) || number < min || number > max) {
      throw wrong(at, "a whole number from %d to %d".formatted(min, max), node);
    }
    return (long) number;
  }

  private static Duration duration(JsonNode node, String at) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return Duration.ofNanos(node.longValue());
    }
    String text = node.isString() ? node.stringValue() : "";
    if (node.isString() && text.isEmpty()) {
      return Duration.ZERO;
    }
    return GoDuration.parse(text).orElseThrow(() -> wrong(at, "a duration such as \"10s\"", node));
  }
}
