package dev.muster.nginx.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Every directive that is known, from `directives.txt`: where it may stand, what it takes, and
/// what becomes of it here.
public final class Directives {
  private static final Directives TABLE = load();

  /// An entry with its arguments understood.
  record Known(Entry entry, Arguments arguments) {}

  private final Map<String, List<Known>> byName;

  private Directives(Map<String, List<Known>> byName) {
    this.byName = byName;
  }

  /// The table of this version.
  public static Directives table() {
    return TABLE;
  }

  /// All rows in the order of the table.
  public List<Entry> entries() {
    return byName.values().stream().flatMap(List::stream).map(Known::entry).toList();
  }

  /// What is known by that name, whatever the context; empty for an unknown name.
  List<Known> named(String name) {
    List<Known> exact = byName.get(name);
    if (exact != null) {
      return exact;
    }
    // Rows such as fastcgi_* stand for a family that is not ours.
    int end = name.indexOf('_');
    List<Known> family = end < 0 ? null : byName.get(name.substring(0, end + 1) + "*");
    return family == null ? List.of() : family;
  }

  /// The known name with the fewest letters changed, if there are few.
  Optional<String> nearest(String name) {
    String best = "";
    int fewest = Math.max(1, Math.min(3, name.length() / 3)) + 1;
    for (String each : byName.keySet()) {
      if (Math.abs(each.length() - name.length()) < fewest && !each.endsWith("*")) {
        int distance = distance(name, each);
        if (distance < fewest) {
          fewest = distance;
          best = each;
        }
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
  static int distance(String from, String to) {
    int[][] steps = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      steps[i][0] = i;
    }
    for (int j = 0; j <= to.length(); j++) {
      steps[0][j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      for (int j = 1; j <= to.length(); j++) {
        int replaced = steps[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        steps[i][j] = Math.min(replaced, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
        }
      }
    }
    return steps[from.length()][to.length()];
  }

  private static Directives load() {
    Map<String, List<Known>> byName = new LinkedHashMap<>();
    try (InputStream in = Directives.class.getResourceAsStream("directives.txt")) {
      if (in == null) {
        throw new IllegalStateException("directives.txt is not beside this class");
      }
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          Entry entry = entry(line);
          byName
              .computeIfAbsent(entry.name(), _ -> new ArrayList<>())
              .add(new Known(entry, Arguments.of(entry.arguments())));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Directives(byName);
  }

  private static Entry entry(String line) {
    String[] columns = line.split("\\|", -1);
    if (columns.length != 5) {
      throw new IllegalArgumentException("five columns, please: " + line);
    }
    Set<Context> contexts = EnumSet.noneOf(Context.class);
    for (String label : columns[1].strip().split(" +", -1)) {
      contexts.add(
          Context.of(label)
              .orElseThrow(() -> new IllegalArgumentException("no context: " + label)));
    }
    return new Entry(
        columns[0].strip(),
        contexts,
        columns[2].strip(),
        Status.of(columns[3].strip()),
        columns[4].strip());
  }
}
