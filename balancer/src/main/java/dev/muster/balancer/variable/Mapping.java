package dev.muster.balancer.variable;

import dev.muster.balancer.request.PatternTooCostly;
import dev.muster.balancer.request.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `map`: one text depends on another. Asked in nginx's order: the whole text, the longest
/// `*.suffix`, the longest `prefix.*`, the first regular expression, the default. Immutable.
public final class Mapping implements Variable {
  private final Template source;
  private final Template otherwise;
  private final boolean isOfHosts;
  private final Map<String, Template> texts = new HashMap<>();
  private final Map<String, Template> suffixes = new HashMap<>();
  private final Map<String, Template> prefixes = new HashMap<>();
  private final List<Searched> patterns = new ArrayList<>();

  private record Searched(Key.Matching key, Template value) {}

  /// What a line of it is for.
  public sealed interface Key {
    /// A whole text, whatever its case.
    record Text(String text) implements Key {}

    /// `*.example.org` of a map of host names.
    ///
    /// @param suffix what follows the star, with its dot
    record Below(String suffix) implements Key {}

    /// `www.example.*` of a map of host names.
    ///
    /// @param prefix what stands before the star, with its dot
    record Starting(String prefix) implements Key {}

    /// `~pattern` and `~*pattern`.
    ///
    /// @param slots of its named groups
    record Matching(Pattern pattern, Map<String, Integer> slots) implements Key {
      /// Copies what it is given.
      public Matching {
        slots = Map.copyOf(slots);
      }
    }
  }

  /// A line of it.
  public record Line(Key key, Template value) {}

  /// @param source what is looked up
  /// @param lines in the order of the file; the first of two with the same key counts
  /// @param otherwise the value if no line is for it
  /// @param isOfHosts whether a final dot does not count (`hostnames`)
  public Mapping(Template source, List<Line> lines, Template otherwise, boolean isOfHosts) {
    this.source = source;
    this.otherwise = otherwise;
    this.isOfHosts = isOfHosts;
    for (Line line : lines) {
      Template value = line.value();
      switch (line.key()) {
        case Key.Text(String text) -> texts.putIfAbsent(lower(text), value);
        case Key.Below(String suffix) -> suffixes.putIfAbsent(lower(suffix), value);
        case Key.Starting(String prefix) -> prefixes.putIfAbsent(lower(prefix), value);
        case Key.Matching matching -> patterns.add(new Searched(matching, value));
      }
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  @Override
  public String value(Request request) {
    if (!request.enterVariable()) {
      request.leaveVariable();
      return "";
    }
    String value = find(request, source.text(request)).text(request);
    request.leaveVariable();
    return value;
  }

  private Template find(Request request, String written) {
    String text =
        isOfHosts && written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
    String key = lower(text);
    Template found = texts.get(key);
    if (found == null && !suffixes.isEmpty()) {
      found = bySuffix(key);
    }
    if (found == null && !prefixes.isEmpty()) {
      found = byPrefix(key);
    }
    if (found == null && !patterns.isEmpty()) {
      found = byPattern(request, text);
    }
    return found == null ? otherwise : found;
  }

  private @Nullable Template bySuffix(String key) {
    Template found = null;
    for (int dot = key.indexOf('.', 1); found == null && dot > 0; dot = key.indexOf('.', dot + 1)) {
      found = suffixes.get(key.substring(dot));
    }
    return found;
  }

  private @Nullable Template byPrefix(String key) {
    Template found = null;
    for (int dot = key.lastIndexOf('.');
        found == null && dot > 0;
        dot = key.lastIndexOf('.', dot - 1)) {
      found = prefixes.get(key.substring(0, dot + 1));
    }
    return found;
  }

  private @Nullable Template byPattern(Request request, String text) {
    try {
      for (Searched each : patterns) {
        if (request.finds(each.key.pattern(), each.key.slots(), text)) {
          return each.value;
        }
      }
      return null;
    } catch (PatternTooCostly e) {
      // As in nginx, a search that fails finds nothing.
      return null;
    }
  }

  @Override
  public boolean asks(LateFact fact) {
    return source.asks(fact)
        || otherwise.asks(fact)
        || texts.values().stream().anyMatch(value -> value.asks(fact))
        || suffixes.values().stream().anyMatch(value -> value.asks(fact))
        || prefixes.values().stream().anyMatch(value -> value.asks(fact))
        || patterns.stream().anyMatch(each -> each.value.asks(fact));
  }
}
