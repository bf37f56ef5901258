package dev.muster.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.Groups;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.observe.Ledger;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Step;
import dev.muster.balancer.request.Requests;
import dev.muster.balancer.route.Locations.Branch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which location a path goes to.
class LocationsTest {
  private static Branch branch(String name, Match match, Branch... nested) {
    return branch(name, LocationConfig.of(match), nested);
  }

  private static Branch branch(String name, LocationConfig config, Branch... nested) {
    return new Branch(
        Location.of(name, config, new Step[0], null, null, null, Ledger.apart("test")),
        new Locations(List.of(nested)));
  }

  private static Match prefix(String path) {
    return new Match.Prefix(path, false);
  }

  private static Match regex(String pattern) {
    return new Match.Regex(Pattern.compile(pattern), Groups.NONE);
  }

  private static String find(Locations locations, String path) {
    Location found = locations.find(Requests.get(path));
    return found == null ? "none" : found.name();
  }

  @Test
  void theOrderIsNginxs() {
    Locations locations =
        new Locations(
            List.of(
                branch("gif", regex("\\.gif$")),
                branch("root", prefix("/")),
                branch("exact root", new Match.Exact("/")),
                branch("documents", prefix("/documents/")),
                branch("images", new Match.Prefix("/images/", true)),
                branch("images/a", prefix("/images/a")),
                branch("g", regex("g"))));
    assertThat(find(locations, "/")).isEqualTo("exact root");
    assertThat(find(locations, "/index.html")).isEqualTo("root");
    assertThat(find(locations, "/documents/d.html")).isEqualTo("documents");
    assertThat(find(locations, "/documents/1.gif")).isEqualTo("gif");
    assertThat(find(locations, "/images/1.gif")).isEqualTo("images");
    assertThat(find(locations, "/images/a.gif")).isEqualTo("gif");
    assertThat(find(locations, "/documents/g")).isEqualTo("g");
    assertThat(find(locations, "/Documents/")).isEqualTo("root");
    assertThat(find(new Locations(List.of(branch("x", prefix("/x")))), "/y")).isEqualTo("none");
  }

  @Test
  void withinALocationItsOwnAreAsked() {
    Locations locations =
        new Locations(
            List.of(
                branch(
                    "a",
                    prefix("/a/"),
                    branch("a exact", new Match.Exact("/a/x")),
                    branch("a regex", regex("\\.php$")),
                    branch("a b", prefix("/a/b"))),
                branch("php", regex("\\.(php|txt)$"), branch("php q", regex("q")))));
    assertThat(find(locations, "/a/")).isEqualTo("a");
    assertThat(find(locations, "/a/x")).isEqualTo("a exact");
    assertThat(find(locations, "/a/i.php")).isEqualTo("a regex");
    assertThat(find(locations, "/a/b/c")).isEqualTo("a b");
    assertThat(find(locations, "/a/b/c.txt")).isEqualTo("php");
    assertThat(find(locations, "/q.php")).isEqualTo("php q");
  }

  @Test
  void aFolderThatIsPassedOnIsFoundWithoutItsSlash() {
    LocationConfig passed =
        LocationConfig.of(prefix("/x/")).with(new Content.Proxy(ProxyConfig.to("up")));
    Locations locations =
        new Locations(
            List.of(
                branch("root", prefix("/")),
                branch("x", passed),
                branch("y", prefix("/y/")),
                branch("regex", regex("x"))));
    Location redirect = locations.find(Requests.get("/x?q=1"));
    assertThat(redirect).isNotNull();
    assertThat(redirect.stepCount()).isEqualTo(1);
    assertThat(redirect.name()).isEqualTo("x");
    assertThat(find(locations, "/y")).isEqualTo("root");
    Locations beside =
        new Locations(List.of(branch("x", passed), branch("no slash", prefix("/x"))));
    assertThat(find(beside, "/x")).isEqualTo("no slash");
  }

  @Test
  void theLongestPrefixIsTheOneThatALinearSearchFinds() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 2000; round++) {
      Map<String, String> names = new HashMap<>();
      List<Branch> branches = new ArrayList<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        String name = path(random);
        if (names.put(name, name) == null) {
          branches.add(branch(name, prefix(name)));
        }
      }
      Locations locations = new Locations(branches);
      for (int i = 0; i < 20; i++) {
        String path = path(random);
        assertThat(find(locations, path))
            .as("%s in %s", path, names)
            .isEqualTo(linear(names, path));
      }
    }
  }

  private static String path(SplittableRandom random) {
    StringBuilder path = new StringBuilder("/");
    for (int i = random.nextInt(6); i > 0; i--) {
      path.append("ab-".charAt(random.nextInt(3)));
    }
    return path.toString();
  }

  private static String linear(Map<String, String> names, String path) {
    @Nullable String longest = null;
    for (String name : names.keySet()) {
      if (path.startsWith(name) && (longest == null || name.length() > longest.length())) {
        longest = name;
      }
    }
    return longest == null ? "none" : longest;
  }
}
