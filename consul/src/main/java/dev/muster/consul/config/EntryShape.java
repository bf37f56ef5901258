package dev.muster.consul.config;

import dev.muster.consul.form.GoDuration;
import dev.muster.registry.entry.Inlined;
import dev.muster.registry.entry.Kept;
import dev.muster.registry.entry.Shown;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// A configuration entry as Consul's clients know it: members are called as in Go, and what says
/// nothing is left out, unless it is [Shown].
final class EntryShape {
  /// Words that Go writes in capitals.
  private static final Set<String> CAPITALS =
      Set.of("http", "tls", "sds", "sni", "ip", "json", "ttl");

  private EntryShape() {}

  static void write(JsonGenerator json, Kept kept) {
    json.writeStartObject();
    json.writeStringProperty("Kind", kept.entry().kind().word());
    members(json, kept.entry());
    json.writeNumberProperty("CreateIndex", kept.createIndex());
    json.writeNumberProperty("ModifyIndex", kept.modifyIndex());
    json.writeEndObject();
  }

  private static void members(JsonGenerator json, Object made) {
    for (RecordComponent component : made.getClass().getRecordComponents()) {
      Object value = value(component, made);
      if (component.isAnnotationPresent(Inlined.class) && value != null) {
        members(json, value);
      } else if (!saysNothing(value)) {
        json.writeName(goName(component.getName()));
        write(json, value);
      } else if (component.isAnnotationPresent(Shown.class)) {
        json.writeName(goName(component.getName()));
        boolean isEmptyInGo = value instanceof List || value instanceof Map;
        write(json, isEmptyInGo ? null : value);
      }
    }
  }

  private static @Nullable Object value(RecordComponent component, Object made) {
    try {
      return component.getAccessor().invoke(made);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  private static boolean saysNothing(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case String text -> text.isEmpty();
      case Boolean bool -> !bool;
      case Number number -> number.doubleValue() == 0;
      case Duration duration -> duration.isZero();
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      default -> false;
    };
  }

  private static void write(JsonGenerator json, @Nullable Object value) {
    switch (value) {
      case null -> json.writeNull();
      case String text -> json.writeString(text);
      case Boolean bool -> json.writeBoolean(bool);
      case Duration duration -> json.writeString(GoDuration.format(duration));
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
          json.writeNumber(number.longValue());
      case Number number -> json.writeNumber(number.toString());
      case List<?> list -> {
        json.writeStartArray();
        list.forEach(each -> write(json, each));
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        map.forEach(
            (key, each) -> {
              json.writeName(String.valueOf(key));
              write(json, each);
            });
        json.writeEndObject();
      }
      case Record made -> {
        json.writeStartObject();
        members(json, made);
        json.writeEndObject();
      }
      default -> throw new IllegalStateException("no form for " + value.getClass());
    }
  }

  /// `tlsMinVersion` is `TLSMinVersion`.
  private static String goName(String name) {
    StringBuilder text = new StringBuilder();
    for (String word : name.split("(?=[A-Z])", -1)) {
      text.append(
          CAPITALS.contains(word.toLowerCase(Locale.ROOT))
              ? word.toUpperCase(Locale.ROOT)
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return text.toString();
  }
}
