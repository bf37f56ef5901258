package dev.muster.agent.hcl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.json.JsonMapper;

/// Reads JSON, keeping the places.
final class JsonReader {
  private final String source;
  private final String text;

  JsonReader(String source, String text) {
    this.source = source;
    this.text = text;
  }

  Value.Group read() throws Malformed {
    try (JsonParser parser = JsonMapper.shared().createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw new Malformed(
            new Place(source, 1, 1), "not a JSON object such as {\"ports\": {\"http\": 8500}}");
      }
      Value.Group root = group(parser);
      if (parser.nextToken() != null) {
        throw new Malformed(place(parser), "this is not JSON: there is more after the last }");
      }
      return root;
    } catch (JacksonException e) {
      throw new Malformed(place(e.getLocation()), "this is not JSON: " + reason(e));
    }
  }

  /// The parser's hint at where it began says nothing but that it was left out.
  private static String reason(JacksonException e) {
    return e.getOriginalMessage().replaceFirst("\\s*\\(start marker at .*", "");
  }

  private Value.Group group(JsonParser parser) throws Malformed {
    Place start = place(parser);
    List<Value.Member> members = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Place place = place(parser);
      parser.nextToken();
      members.add(new Value.Member(key, place, value(parser)));
    }
    return new Value.Group(members, start);
  }

  private Value value(JsonParser parser) throws Malformed {
    Place place = place(parser);
    return switch (parser.currentToken()) {
      case START_OBJECT -> group(parser);
      case START_ARRAY -> {
        List<Value> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(parser));
        }
        yield new Value.Sequence(elements, place);
      }
      case VALUE_TRUE, VALUE_FALSE -> new Value.Switch(parser.getBooleanValue(), place);
      case VALUE_NULL -> new Value.Nothing(place);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Value.Numeral(Numbers.of(parser.getString(), place), place);
      case VALUE_STRING -> new Value.Text(parser.getString(), place);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new Malformed(place, "this is not JSON: a value is missing");
    };
  }

  private Place place(JsonParser parser) {
    return place(parser.currentTokenLocation());
  }

  /// What exceeds a limit of the parser has no location.
  private Place place(@Nullable TokenStreamLocation location) {
    if (location == null) {
      return new Place(source, 1, 1);
    }
    return new Place(
        source, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
