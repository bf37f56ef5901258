package dev.muster.cli.catalog;

import dev.muster.cli.command.CommandFailed;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Metadata as people write it in one word, `key=value`, and read it.
final class Labels {
  private Labels() {}

  /// What the API wants: `key:value`.
  static String forQuery(String word) {
    int equals = word.indexOf('=');
    if (equals < 1) {
      throw new CommandFailed("Error: -node-meta is KEY=VALUE, not '" + word + "'");
    }
    return word.substring(0, equals) + ":" + word.substring(equals + 1);
  }

  static String print(JsonNode labels) {
    Map<String, String> sorted = new TreeMap<>();
    labels.properties().forEach(each -> sorted.put(each.getKey(), each.getValue().asString()));
    var text = new StringBuilder();
    sorted.forEach(
        (key, value) ->
            text.append(text.isEmpty() ? "" : ", ").append(key).append('=').append(value));
    return text.toString();
  }
}
