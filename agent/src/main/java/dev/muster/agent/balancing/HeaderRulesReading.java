package dev.muster.agent.balancing;

import dev.muster.balancer.config.ChainConfig.HeaderRules;
import dev.muster.balancer.config.ChainConfig.Line;
import dev.muster.registry.entry.HeaderModifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What entries want done to headers, as the balancer does it. Fields by which messages are framed,
/// and what is no header, are left out with a sentence.
final class HeaderRulesReading {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
  private static final Set<String> FRAMING =
      Set.of("connection", "content-length", "host", "te", "transfer-encoding", "upgrade");

  private final Consumer<String> problems;

  HeaderRulesReading(Consumer<String> problems) {
    this.problems = problems;
  }

  HeaderRules read(@Nullable HeaderModifiers modifiers, String where) {
    if (modifiers == null) {
      return HeaderRules.NONE;
    }
    List<String> removed = new ArrayList<>();
    List<Line> added = new ArrayList<>();
    for (String name : modifiers.remove()) {
      if (isFine(name, "", where)) {
        removed.add(name);
      }
    }
    modifiers
        .set()
        .forEach(
            (name, value) -> {
              if (isFine(name, value, where)) {
                removed.add(name);
                added.add(new Line(name, value));
              }
            });
    modifiers
        .add()
        .forEach(
            (name, value) -> {
              if (isFine(name, value, where)) {
                added.add(new Line(name, value));
              }
            });
    return new HeaderRules(removed, added);
  }

  private boolean isFine(String name, String value, String where) {
    if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
      problems.accept(where + ": header " + name + " is the balancer's own and stays as it is");
      return false;
    }
    boolean isText = value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f));
    if (!NAME.matcher(name).matches() || !isText) {
      problems.accept(where + ": a header with a malformed name or value is left out");
      return false;
    }
    return true;
  }

  /// First one, then the other.
  static HeaderRules both(HeaderRules first, HeaderRules then) {
    if (first.isEmpty() || then.isEmpty()) {
      return first.isEmpty() ? then : first;
    }
    List<String> removed = new ArrayList<>(first.removed());
    removed.addAll(then.removed());
    List<Line> added = new ArrayList<>();
    for (Line line : first.added()) {
      if (then.removed().stream().noneMatch(line.name()::equalsIgnoreCase)) {
        added.add(line);
      }
    }
    added.addAll(then.added());
    return new HeaderRules(removed, added);
  }
}
