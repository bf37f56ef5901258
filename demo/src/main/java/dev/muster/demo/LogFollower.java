package dev.muster.demo;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Shows the lines of all processes, each with its name in a colour of its own, once it is told to;
/// keeps the last lines of each for when something goes wrong. Thread-safe.
final class LogFollower {
  private static final int KEPT_LINES_MAX = 60;
  private static final int NAME_WIDTH = 8;
  private static final int[] COLORS = {36, 32, 33, 35, 34, 92, 93, 95};

  private final PrintStream out;
  private final boolean isColored;
  private final List<Tail> tails = new ArrayList<>();
  private boolean shows;

  LogFollower(PrintStream out, boolean isColored) {
    this.out = out;
    this.isColored = isColored;
  }

  private static final class Tail {
    final String name;
    final int color;
    final Deque<String> lines = new ArrayDeque<>();

    Tail(String name, int color) {
      this.name = name;
      this.color = color;
    }
  }

  synchronized void add(String name) {
    tails.add(new Tail(name, COLORS[tails.size() % COLORS.length]));
  }

  /// From now on, lines are shown.
  synchronized void show() {
    shows = true;
  }

  synchronized void line(String name, String line) {
    Tail tail = tail(name);
    tail.lines.addLast(line);
    if (tail.lines.size() > KEPT_LINES_MAX) {
      tail.lines.removeFirst();
    }
    if (shows) {
      out.println(label(tail) + " " + line);
    }
  }

  /// The last lines of a process.
  synchronized String tailOf(String name) {
    return String.join("\n", tail(name).lines);
  }

  private Tail tail(String name) {
    return tails.stream()
        .filter(tail -> tail.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no process named " + name));
  }

  private String label(Tail tail) {
    String padded = tail.name + " ".repeat(Math.max(0, NAME_WIDTH - tail.name.length())) + "|";
    return isColored ? "\033[" + tail.color + "m" + padded + "\033[0m" : padded;
  }
}
