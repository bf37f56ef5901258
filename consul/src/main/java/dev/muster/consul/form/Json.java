package dev.muster.consul.form;

import java.io.ByteArrayOutputStream;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes JSON as Consul does: compact, or indented by four spaces.
public final class Json {
  /// Far below the 500 that can be written: commands of the log nest what they hold deeper.
  private static final int DEPTH_MAX = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Pattern SETTING = Pattern.compile(", from `[^`]*`");
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
      JsonNode document = MAPPER.readTree(body);
      SoundJson.require(document, "");
      return document;
    } catch (StreamConstraintsException e) {
      // Nothing is wrong with its syntax.
      throw Refusal.undecodable(parsersWords(e));
    } catch (JacksonException e) {
      throw Refusal.undecodable(JsonSyntax.errorIn(body).orElseGet(() -> parsersWords(e)));
    }
  }

  private static String parsersWords(JacksonException e) {
    // The parser adds by which of its settings it refuses.
    String told = SETTING.matcher(e.getOriginalMessage()).replaceAll("");
    String reason =
        told.startsWith("Trailing token") ? "invalid character after top-level value" : told;
    var where = e.getLocation();
    // It does not know it of a document that is too deep.
    return where == null
        ? reason
        : "%s (line %d, column %d)".formatted(reason, where.getLineNr(), where.getColumnNr());
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
