package dev.muster.agent.hcl;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A part of a document, with the place where it begins.
public sealed interface Value {
  Place place();

  /// How a reader would call it, for messages: `a list`, `the text "x"`.
  String described();

  /// The same without places. Blocks that were repeated are an array, as Consul takes them; of any
  /// other member that was repeated the last holds.
  JsonNode toJson();

  /// A string or a heredoc.
  record Text(String text, Place place) implements Value {
    private static final int SHOWN = 60;

    @Override
    public String described() {
      return "\"" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "\"";
    }

    @Override
    public JsonNode toJson() {
      return JsonNodeFactory.instance.stringNode(text);
    }
  }

  /// A number. Its exponent is small enough for any arithmetic.
  record Numeral(BigDecimal number, Place place) implements Value {
    @Override
    public String described() {
      return "the number " + number;
    }

    @Override
    public JsonNode toJson() {
      boolean isLong = number.scale() <= 0 && number.precision() - number.scale() < 19;
      return isLong
          ? JsonNodeFactory.instance.numberNode(number.longValueExact())
          : JsonNodeFactory.instance.numberNode(number);
    }
  }

  /// `true` or `false`.
  record Switch(boolean isOn, Place place) implements Value {
    @Override
    public String described() {
      return Boolean.toString(isOn);
    }

    @Override
    public JsonNode toJson() {
      return JsonNodeFactory.instance.booleanNode(isOn);
    }
  }

  /// JSON's `null`: as if it had been left out.
  record Nothing(Place place) implements Value {
    @Override
    public String described() {
      return "null";
    }

    @Override
    public JsonNode toJson() {
      return JsonNodeFactory.instance.nullNode();
    }
  }

  /// A list.
  record Sequence(List<Value> elements, Place place) implements Value {
    public Sequence {
      elements = List.copyOf(elements);
    }

    @Override
    public String described() {
      return "a list";
    }

    @Override
    public JsonNode toJson() {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      elements.forEach(element -> array.add(element.toJson()));
      return array;
    }
  }

  /// An object or a block: members in the order in which they were written, repeated ones
  /// included. A block with labels, `a "b" {}`, is a member `a` that has a member `b`.
  record Group(List<Member> members, Place place) implements Value {
    public Group {
      members = List.copyOf(members);
    }

    @Override
    public String described() {
      return "a group of keys";
    }

    @Override
    public JsonNode toJson() {
      Map<String, JsonNode> merged = new LinkedHashMap<>();
      for (Member member : members) {
        merged.merge(member.key(), member.value().toJson(), Group::repeated);
      }
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      merged.forEach(object::set);
      return object;
    }

    private static JsonNode repeated(JsonNode former, JsonNode added) {
      if (!added.isObject() || !(former.isObject() || former.isArray())) {
        return added;
      }
      ArrayNode array =
          former.isArray() ? (ArrayNode) former : JsonNodeFactory.instance.arrayNode().add(former);
      return array.add(added);
    }
  }

  /// A key with what it is given.
  ///
  /// @param place of the key
  record Member(String key, Place place, Value value) {}
}
