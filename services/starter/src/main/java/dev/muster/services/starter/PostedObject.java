package dev.muster.services.starter;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// The JSON object of a request body, its members' values kept as they were written.
public final class PostedObject {
  /// The longest body, in bytes.
  static final int BYTES_MAX = 64 * 1024;

  /// A number may be as long as the body: nothing here converts it.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNumberLength(BYTES_MAX).build())
          .build();

  private final Map<String, JsonValue> members;

  private PostedObject(Map<String, JsonValue> members) {
    this.members = members;
  }

  Optional<JsonValue> member(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /// Reads a whole body, which must be one JSON object in UTF-8 (RFC 8259, 8.1).
  ///
  /// @throws Problem 400 if it is not JSON, 422 if it is JSON but not an object
  static PostedObject parse(byte[] body) {
    char[] text = decode(body);
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
      if (parser.currentToken() == null) {
        throw malformed("the body is empty");
      }
      Map<String, JsonValue> members = isObject ? readMembers(parser, text) : Map.of();
      parser.skipChildren();
      parser.finishToken();
      if (parser.nextToken() != null) {
        throw malformed("something follows the JSON value");
      }
      if (!isObject) {
        throw Problem.unprocessable(new Problem.Fault("#", "must be a JSON object"));
      }
      return new PostedObject(members);
    } catch (JacksonException e) {
      throw malformed(
          "%s (line %d, column %d)"
              .formatted(
                  e.getOriginalMessage(),
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr()));
    }
  }

  private static char[] decode(byte[] body) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(body))
          .toString()
          .toCharArray();
    } catch (CharacterCodingException e) {
      throw malformed("the body is not UTF-8");
    }
  }

  private static Map<String, JsonValue> readMembers(JsonParser parser, char[] text) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (members.putIfAbsent(name, readValue(parser, text)) != null) {
        throw new Problem(
            HttpStatus.BAD_REQUEST,
            "Member " + name + " is there twice",
            new Problem.Fault(pointer(name), "must be there once"));
      }
    }
    return members;
  }

  /// The next value: its text is cut out of the body, which also proves that it is well-formed to
  /// its end.
  private static JsonValue readValue(JsonParser parser, char[] text) {
    JsonToken token = parser.nextToken();
    int start = (int) parser.currentTokenLocation().getCharOffset();
    String string = token == JsonToken.VALUE_STRING ? parser.getString() : "";
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getCharOffset();
    String json = new String(text, start, end - start);
    return switch (token) {
      case VALUE_STRING -> new JsonValue(JsonValue.Kind.STRING, json, string);
      case VALUE_NUMBER_INT -> new JsonValue(JsonValue.Kind.INTEGER, json, json);
      default -> new JsonValue(JsonValue.Kind.OTHER, json, json);
    };
  }

  /// The JSON pointer to a member, as a URI fragment without percent-encoding (RFC 6901, 6).
  static String pointer(String name) {
    return "#/" + name.replace("~", "~0").replace("/", "~1");
  }

  private static Problem malformed(String why) {
    return new Problem(HttpStatus.BAD_REQUEST, "Malformed JSON: " + why);
  }
}
