package dev.muster.agent.config;

import dev.muster.agent.hcl.Place;
import dev.muster.agent.hcl.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Goes through sources, one after the other, and sorts what is given by the table of keys: into
/// values, problems and warnings.
final class Survey {
  private final Values values = new Values();
  private final Problems problems;
  private final Set<String> told = new HashSet<>();
  private Map<String, Place> seen = new HashMap<>();

  Survey(Problems problems) {
    this.problems = problems;
  }

  Values values() {
    return values;
  }

  void document(Value.Group root) {
    seen = new HashMap<>();
    group("", root);
  }

  /// What a flag says of a key.
  void flag(Key key, Value.Text text) {
    take(key, key.name(), text.place(), key.kind().ofFlag(text));
  }

  private void group(String name, Value.Group group) {
    for (Value.Member member : group.members()) {
      member(name, member);
    }
  }

  private void member(String group, Value.Member member) {
    // Consul does not mind case either.
    String key = member.key().toLowerCase(Locale.ROOT);
    String name = group.isEmpty() ? key : group + "." + key;
    var found = Keys.all().find(group, key);
    if (found.isPresent()) {
      if (!(member.value() instanceof Value.Nothing)) {
        take(found.get(), name, member.place(), member.value());
      }
    } else if (Keys.all().isGroup(name)) {
      below(name, member);
    } else {
      problems.add("%s: there is no key \"%s\"%s".formatted(member.place(), name, nearest(name)));
    }
  }

  private void below(String name, Value.Member member) {
    switch (member.value()) {
      case Value.Group group -> group(name, group);
      case Value.Sequence(List<Value> elements, _)
          when elements.stream().allMatch(Value.Group.class::isInstance) ->
          elements.forEach(element -> group(name, (Value.Group) element));
      case Value.Nothing _ -> {}
      case Value.Sequence _, Value.Text _, Value.Numeral _, Value.Switch _ ->
          problems.add(
              member.place(),
              name,
              member.value().described() + " is not a group of keys such as { key = value }");
    }
  }

  private static String nearest(String name) {
    return Spelling.nearest(name, Keys.all().names())
        .map(meant -> "; did you mean \"" + meant + "\"?")
        .orElse("");
  }

  /// @param name as it was given, in lower case: that of the key, or of one of its group
  private void take(Key key, String name, Place place, Value value) {
    if (key.effect() == Key.Effect.OLD) {
      replaced(key, place, value);
      return;
    }
    var problem = key.kind().problem(value);
    if (problem.isPresent()) {
      problems.add(place, name, problem.get());
      return;
    }
    warnOfRepetition(name, place, value);
    Value placed = withPlaceOfKey(key, place, value);
    values.add(key, placed);
    if (key.kind().form() == Kind.Form.GROUP) {
      boolean isOne = Keys.all().isOneLine(key) && !key.name().equals("telemetry");
      String shown = isOne ? key.name() : name;
      if (told.add(shown)) {
        problems.warn(place, "%s has no effect: %s".formatted(shown, key.text()));
      }
    }
  }

  /// People look for the key, not for what follows it.
  private static Value withPlaceOfKey(Key key, Place place, Value value) {
    return switch (value) {
      case Value.Text(String text, _) -> new Value.Text(text, place);
      case Value.Numeral(var number, _) -> new Value.Numeral(number, place);
      case Value.Switch(boolean isOn, _) -> new Value.Switch(isOn, place);
      case Value.Group(var members, _) when key.kind().form() == Kind.Form.DEFINITIONS ->
          new Value.Group(members, place);
      case Value.Group _, Value.Sequence _, Value.Nothing _ -> value;
    };
  }

  private void warnOfRepetition(String name, Place place, Value value) {
    boolean isScalar = !(value instanceof Value.Group || value instanceof Value.Sequence);
    Place before = seen.put(name, place);
    if (before != null && isScalar && place.line() > 0 && before.line() > 0) {
      problems.warn(
          place, "%s was given in line %d already; this one holds".formatted(name, before.line()));
    }
  }

  private void replaced(Key old, Place place, Value value) {
    String name = old.text();
    int dot = name.lastIndexOf('.');
    Key key =
        Keys.all()
            .find(dot < 0 ? "" : name.substring(0, dot), name.substring(dot + 1))
            .orElseThrow();
    if (key.effect() == Key.Effect.NO) {
      values.add(key, value);
      told.add(key.name());
      if (told.add(old.name())) {
        problems.warn(place, "%s has no effect: %s".formatted(old.name(), key.text()));
      }
      return;
    }
    problems.warn(place, "%s is the old name of %s".formatted(old.name(), name));
    take(key, name, place, value);
  }

  /// Speaks of what was given without an effect, and of what must not be given.
  void judge() {
    for (Key key : Keys.all().list()) {
      if (!values.isGiven(key.name()) || values.isNormal(key)) {
        continue;
      }
      Place place = values.place(key.name());
      if (key.effect() == Key.Effect.NEVER) {
        problems.add(place, key.name(), key.text());
      } else if (key.effect() == Key.Effect.NO && key.kind().form() != Kind.Form.GROUP) {
        if (!told.contains(key.name())) {
          problems.warn(place, "%s has no effect: %s".formatted(key.name(), key.text()));
        }
      }
    }
  }
}
