package dev.muster.cli.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Rows in columns as wide as their longest text, two spaces apart.
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  /// A table with a line of titles.
  public TextTable(String... titles) {
    rows.add(List.of(titles));
  }

  private TextTable() {}

  /// A table without titles.
  public static TextTable untitled() {
    return new TextTable();
  }

  /// Adds a row, of as many cells as the others.
  public void add(String... cells) {
    rows.add(List.of(cells));
  }

  /// Prints all of it.
  public void print(PrintStream out) {
    if (rows.isEmpty()) {
      return;
    }
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
