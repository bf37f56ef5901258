package dev.muster.consul.form;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Refuses what a parser takes and nobody could write as it was: half a character would keep
/// clients from reading what is listed along with it, a number without an end would become a text.
final class SoundJson {
  private SoundJson() {}

  /// @param at the place of the node in its document, as a person would write it
  /// @throws Refusal with 400 if it holds half a character, or a number without an end
  static void require(JsonNode node, String at) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        String path = at.isEmpty() ? member.getKey() : at + "." + member.getKey();
        requireWhole(member.getKey(), path);
        require(member.getValue(), path);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        require(node.get(i), at + "[" + i + "]");
      }
    } else if (node.isString()) {
      requireWhole(node.stringValue(), at);
    } else if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      throw Refusal.undecodable("field \"%s\": the number is out of range".formatted(at));
    }
  }

  private static void requireWhole(String text, String at) {
    int i = 0;
    while (i < text.length()) {
      int character = text.codePointAt(i);
      if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
        throw Refusal.undecodable(
            "field \"%s\": half of a character (a lone surrogate) at position %d"
                .formatted(at, i + 1));
      }
      i += Character.charCount(character);
    }
  }
}
