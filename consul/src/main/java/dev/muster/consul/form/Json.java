package dev.muster.consul.form;

import java.io.ByteArrayOutputStream;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes JSON as Consul does: compact, or indented by four spaces.
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final ObjectWriter PRETTY = MAPPER.writer().with(goStyle());

  private Json() {}

  private static DefaultPrettyPrinter goStyle() {
    var indenter = new DefaultIndenter("    ", "\n");
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    return new DefaultPrettyPrinter(separators)
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }

  public static byte[] render(boolean pretty, Consumer<JsonGenerator> content) {
    var out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = pretty ? PRETTY.createGenerator(out) : MAPPER.createGenerator(out)) {
      content.accept(json);
    }
    if (pretty) {
      out.write('\n');
    }
    return out.toByteArray();
  }

  /// The document in a request's body.
  ///
  /// @throws Refusal with 400 if it is none; the message says what is wrong
  public static JsonNode parse(byte[] body) {
    if (body.length == 0) {
      throw Refusal.undecodable("EOF");
    }
    try {
      return MAPPER.readTree(body);
    } catch (JacksonException e) {
      throw Refusal.undecodable(JsonSyntax.errorIn(body).orElseGet(() -> parsersWords(e)));
    }
  }

  private static String parsersWords(JacksonException e) {
    var where = e.getLocation();
    return "%s (line %d, column %d)"
        .formatted(e.getOriginalMessage(), where.getLineNr(), where.getColumnNr());
  }

  public static void strings(JsonGenerator json, String name, Collection<String> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(json::writeString);
    json.writeEndArray();
  }

  public static void map(JsonGenerator json, String name, Map<String, String> values) {
    json.writeObjectPropertyStart(name);
    values.forEach(json::writeStringProperty);
    json.writeEndObject();
  }

  public static void mapOrNull(JsonGenerator json, String name, Map<String, String> values) {
    if (values.isEmpty()) {
      json.writeNullProperty(name);
    } else {
      map(json, name, values);
    }
  }

  public static void emptyObject(JsonGenerator json, String name) {
    json.writeObjectPropertyStart(name);
    json.writeEndObject();
  }
}
