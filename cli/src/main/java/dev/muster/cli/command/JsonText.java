package dev.muster.cli.command;

import java.util.Iterator;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON laid out as Consul's own commands print it: a member a line, a space behind its colon.
public final class JsonText {
  private static final String FOUR_SPACES = "    ";

  private JsonText() {}

  /// Lays a value out with four spaces for each level.
  public static String pretty(JsonNode value) {
    return pretty(value, FOUR_SPACES);
  }

  /// Lays a value out.
  ///
  /// @param indent what each level is moved by
  public static String pretty(JsonNode value, String indent) {
    var text = new StringBuilder();
    append(text, value, indent, "\n");
    return text.toString();
  }

  /// Reads JSON that a person wrote.
  ///
  /// @param what names it in the report
  /// @throws CommandFailed with the line of what is wrong
  public static JsonNode parse(String json, String what) {
    try {
      return JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new CommandFailed(
          "Error! %s is not JSON, line %d: %s".formatted(what, line, e.getOriginalMessage()));
    }
  }

  private static void append(StringBuilder text, JsonNode value, String indent, String newLine) {
    String inner = newLine + indent;
    if (value.isObject() && !value.isEmpty()) {
      text.append('{');
      for (Iterator<Map.Entry<String, JsonNode>> i = value.properties().iterator(); i.hasNext(); ) {
        Map.Entry<String, JsonNode> member = i.next();
        text.append(inner).append(JsonMapper.shared().writeValueAsString(member.getKey()));
        text.append(": ");
        append(text, member.getValue(), indent, inner);
        text.append(i.hasNext() ? "," : newLine);
      }
      text.append('}');
    } else if (value.isArray() && !value.isEmpty()) {
      text.append('[');
      for (Iterator<JsonNode> i = value.iterator(); i.hasNext(); ) {
        text.append(inner);
        append(text, i.next(), indent, inner);
        text.append(i.hasNext() ? "," : newLine);
      }
      text.append(']');
    } else {
      text.append(value);
    }
  }
}
