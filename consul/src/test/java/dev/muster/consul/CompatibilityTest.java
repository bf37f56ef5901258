package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consul.serving.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// docs/compatibility.md lists what the handlers serve, beside everything that Consul serves.
/// `-Ddocs.write=true` writes it anew.
class CompatibilityTest {
  private static final Path PAGE = Path.of("../docs/compatibility.md");
  private static final String BEGIN = "<!-- endpoints: written by CompatibilityTest -->\n";
  private static final String END = "<!-- end of endpoints -->\n";

  /// Consul's endpoints, `method path`, in the order of the list; why one is absent, or empty.
  private static Map<String, String> consuls() throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    try (InputStream in = CompatibilityTest.class.getResourceAsStream("consul-endpoints.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          String[] halves = line.split(" ! ", 2);
          String[] words = halves[0].split(" ");
          for (String method : words[0].split(",")) {
            all.put(method + " " + words[1], halves.length > 1 ? halves[1] : "");
          }
        }
      }
    }
    return all;
  }

  private static Map<String, String> served() throws IOException {
    Map<String, String> served = new LinkedHashMap<>();
    try (Consul consul = new Consul()) {
      for (Routes.Served each : consul.served()) {
        served.put(each.method() + " " + each.path(), each.deviation());
      }
    }
    return served;
  }

  @Test
  void whatIsNotServedSaysWhy() throws IOException {
    Set<String> served = served().keySet();
    List<String> wrong = new ArrayList<>();
    consuls()
        .forEach(
            (endpoint, why) -> {
              if (served.contains(endpoint) == !why.isEmpty()) {
                wrong.add(endpoint + (why.isEmpty() ? ": absent without a reason" : ": served"));
              }
            });
    assertThat(wrong).as("consul-endpoints.txt").isEmpty();
  }

  @Test
  void thePageListsWhatIsServed() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(begin).as("the mark in " + PAGE).isLessThanOrEqualTo(end);
    String table = table();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + table + page.substring(end));
    } else {
      assertThat(page.substring(begin, end)).as("run with -Ddocs.write=true").isEqualTo(table);
    }
  }

  private static String table() throws IOException {
    Map<String, String> served = served();
    Map<String, String> consuls = consuls();
    Set<String> endpoints = new LinkedHashSet<>(consuls.keySet());
    endpoints.addAll(new TreeSet<>(served.keySet()));
    var table = new StringBuilder("| endpoint | state | |\n|---|---|---|\n");
    for (String endpoint : endpoints) {
      if (endpoint.startsWith("GET /") && endpoint.length() < 6) {
        continue;
      }
      String deviation = served.get(endpoint);
      String state = "done";
      String words = "";
      if (deviation == null) {
        state = "absent";
        words = consuls.getOrDefault(endpoint, "");
      } else if (!consuls.containsKey(endpoint)) {
        state = "more";
        words = deviation;
      } else if (!deviation.isEmpty()) {
        state = "deviates";
        words = deviation;
      }
      table.append("| `%s` | %s | %s |\n".formatted(endpoint, state, words));
    }
    return table.toString();
  }
}
