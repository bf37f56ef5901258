package dev.muster.balancer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// docs/dispatch.md shows what every algorithm does in the same scenarios, so that a change of
/// behaviour is seen in the page. `-Ddocs.write=true` writes it anew.
class DispatchPageTest {
  private static final Path PAGE = Path.of("../docs/dispatch.md");
  private static final String BEGIN = "<!-- scenarios: written by DispatchPageTest -->\n";
  private static final String END = "<!-- end of scenarios -->\n";
  private static final long MILLI = 1_000_000;
  private static final int REQUESTS = 20_000;
  private static final long SEED = 42;

  /// @param millis the mean service time of each server
  /// @param gapMillis the mean time between requests
  private record Scenario(String name, double[] millis, double gapMillis) {
    private Scenario {
      millis = millis.clone();
    }

    private double millis(int server) {
      return millis[server];
    }

    private int servers() {
      return millis.length;
    }
  }

  private static final List<Scenario> SCENARIOS =
      List.of(
          new Scenario("five equal servers, half busy", new double[] {2, 2, 2, 2, 2}, 0.8),
          new Scenario("one of five is four times slower", new double[] {2, 2, 8, 2, 2}, 0.8),
          new Scenario("one of five is twenty times slower", new double[] {2, 2, 40, 2, 2}, 0.8),
          new Scenario("two generations: two fast, three slow", new double[] {1, 1, 4, 4, 4}, 0.6));

  @Test
  void thePageShowsWhatHappens() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(begin).as("the mark in " + PAGE).isLessThanOrEqualTo(end);
    String tables = tables();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + tables + page.substring(end));
    } else {
      assertThat(page.substring(begin, end)).as("run with -Ddocs.write=true").isEqualTo(tables);
    }
  }

  private static String tables() {
    var tables = new StringBuilder();
    for (Scenario scenario : SCENARIOS) {
      tables.append("\n### ").append(capitalised(scenario.name())).append("\n\n");
      tables.append("| algorithm | share of each server in % | p50 ms | p99 ms | worst ms |\n");
      tables.append("|---|---|---|---|---|\n");
      for (Algorithm algorithm : Algorithm.values()) {
        tables.append(row(scenario, algorithm, 0));
      }
      for (Algorithm algorithm : List.of(Algorithm.RING_HASH, Algorithm.MAGLEV)) {
        tables.append(row(scenario, algorithm, Policy.LOAD_FACTOR));
      }
    }
    return tables + "\n";
  }

  private static String row(Scenario scenario, Algorithm algorithm, double loadFactor) {
    var serving =
        new Serving(
            Policy.of(algorithm).withLoadFactor(loadFactor),
            scenario.servers(),
            SEED,
            (server, random) -> Serving.Work.exponential(scenario.millis(server) * MILLI, random));
    int[] counts = serving.run(REQUESTS, scenario.gapMillis() * MILLI);
    List<String> shares = new ArrayList<>();
    for (int count : counts) {
      shares.add(String.format(Locale.ROOT, "%.1f", 100.0 * count / REQUESTS));
    }
    return String.format(
        Locale.ROOT,
        "| %s%s | %s | %s | %s | %s |\n",
        algorithm.words(),
        loadFactor == 0 ? "" : ", bounded load",
        String.join(" ", shares),
        millis(serving.quantile(0.5)),
        millis(serving.quantile(0.99)),
        millis(serving.quantile(1)));
  }

  private static String millis(long nanos) {
    double millis = (double) nanos / MILLI;
    return String.format(Locale.ROOT, millis < 10 ? "%.1f" : "%.0f", millis);
  }

  private static String capitalised(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
