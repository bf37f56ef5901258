package dev.muster.agent.config;

import dev.muster.agent.hcl.Place;
import dev.muster.agent.hcl.Value;
import dev.muster.consul.form.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// What was given for each key, by all sources together: checked, so that reading it cannot fail.
/// What was not given has its normal value. Not thread-safe.
final class Values {
  private final Map<String, List<Value>> given = new HashMap<>();

  /// Adds a value of the key's kind: a scalar takes the place of the one before, a list is
  /// appended, a map takes the place of one from another source.
  void add(Key key, Value value) {
    List<Value> values = given.computeIfAbsent(key.name(), _ -> new ArrayList<>());
    if (value instanceof Value.Sequence(List<Value> elements, _) && key.kind().isList()) {
      values.addAll(elements);
      return;
    }
    if (!key.kind().isList() && key.kind().form() != Kind.Form.GROUP) {
      boolean goesOn = key.kind().form() == Kind.Form.MAP && isOfSource(values, value.place());
      if (!goesOn) {
        values.clear();
      }
    }
    values.add(value);
  }

  private static boolean isOfSource(List<Value> values, Place place) {
    return values.stream().allMatch(value -> value.place().source().equals(place.source()));
  }

  List<Value> all(String key) {
    return given.getOrDefault(Keys.all().get(key).name(), List.of());
  }

  /// What was given last.
  Optional<Value> last(String key) {
    List<Value> values = all(key);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  /// Where the value comes from.
  Place place(String key) {
    return last(key).map(Value::place).orElse(Place.of("default"));
  }

  boolean isGiven(String key) {
    return !all(key).isEmpty();
  }

  /// Empty if it was not given and has no normal value that is one.
  Optional<String> text(String key) {
    Optional<String> text = last(key).map(Values::text);
    Key known = Keys.all().get(key);
    return text.isEmpty() && known.hasNormal() ? Optional.of(known.normal()) : text;
  }

  String textOrFail(String key) {
    return text(key).orElseThrow(() -> new IllegalArgumentException(key + " has no normal value"));
  }

  boolean isOn(String key) {
    return Boolean.parseBoolean(textOrFail(key));
  }

  int number(String key) {
    return Integer.parseInt(textOrFail(key));
  }

  Duration duration(String key) {
    return GoDuration.parse(textOrFail(key)).orElseThrow();
  }

  List<String> texts(String key) {
    return all(key).stream().map(Values::text).toList();
  }

  Map<String, String> map(String key) {
    Map<String, String> map = new LinkedHashMap<>();
    for (Value value : all(key)) {
      if (value instanceof Value.Group(List<Value.Member> members, _)) {
        members.forEach(member -> map.put(member.key(), text(member.value())));
      }
    }
    return map;
  }

  /// A scalar as a flag would give it.
  static String text(Value value) {
    return switch (value) {
      case Value.Text(String text, _) -> text;
      case Value.Numeral(var number, _) -> number.stripTrailingZeros().toPlainString();
      case Value.Switch(boolean isOn, _) -> Boolean.toString(isOn);
      case Value.Nothing _ -> "";
      case Value.Sequence _, Value.Group _ -> value.toJson().toString();
    };
  }

  /// Whether the key says what holds anyway.
  boolean isNormal(Key key) {
    if (!key.hasNormal()) {
      return false;
    }
    String text = text(key.name()).orElse("");
    if (key.kind().form() == Kind.Form.DURATION) {
      return GoDuration.parse(text).equals(GoDuration.parse(key.normal()));
    }
    return text.equals(key.normal());
  }

  /// The keys whose values differ, in order; each with what was and what is.
  List<String> differences(Values former) {
    Map<String, String> now = rendered();
    Map<String, String> before = former.rendered();
    Map<String, String> all = new TreeMap<>(before);
    all.putAll(now);
    List<String> keys = new ArrayList<>();
    for (String key : all.keySet()) {
      if (!Objects.equals(now.get(key), before.get(key))) {
        keys.add(key);
      }
    }
    return keys;
  }

  private Map<String, String> rendered() {
    Map<String, String> rendered = new HashMap<>();
    given.forEach(
        (key, values) -> {
          String text = values.stream().map(Values::text).toList().toString();
          boolean isNormal = isNormal(Keys.all().get(key));
          if (!isNormal) {
            rendered.put(key, text);
          }
        });
    return rendered;
  }
}
