package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.Endpoint.State;
import dev.muster.balancer.http1.Octets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which route a host and path find, and what changes when endpoints do.
class RoutingTableTest {
  private static final long SEED = 11;

  private final Catalog catalog = new Catalog(1);

  private static Endpoint endpoint(String id, String service, String... tags) {
    return new Endpoint(id, service, "127.0.0.1", 1, 1, State.PASSING, List.of(tags));
  }

  private static @Nullable Route find(RoutingTable table, String host, String path) {
    byte[] hostOctets = Octets.ascii(host);
    byte[] pathOctets = Octets.ascii(path);
    return table.find(hostOctets, hostOctets.length, pathOctets, 0, pathOctets.length);
  }

  private String found(String host, String path) {
    Route route = find(catalog.table(), host, path);
    return route == null ? "none" : route.key.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "x, /users, /users",
    "x, /users/, /users",
    "x, /users/7, /users",
    "x, /users2, none",
    "x, /user, none",
    "x, /Users, none",
    "x, /users/admin, /users/admin",
    "x, /users/admin2, /users",
    "x, /users/admin/x, /users/admin",
    "x, //users, none",
    "x, /, none",
    "shop.test, /, shop.test/",
    "shop.test, /users, shop.test/",
    "shop.test, /cart/1, shop.test/cart",
    "a.shop.test, /, *.shop.test/",
    "b.a.shop.test, /, *.a.shop.test/",
    "a.shop.test, /users, *.shop.test/",
    "only.test, /users, /users",
    "only.test, /here/x, only.test/here",
    "xshop.test, /, none"
  })
  void findsTheMostSpecificHostAndThenTheLongestPrefix(String host, String path, String route) {
    catalog.replace(
        "app",
        List.of(
            endpoint(
                "a",
                "app",
                "urlprefix-/users",
                "urlprefix-/users/admin/",
                "urlprefix-Shop.test/",
                "urlprefix-shop.test/cart",
                "urlprefix-*.shop.test/",
                "urlprefix-*.a.shop.test/",
                "urlprefix-only.test/here",
                "other-tag")));
    assertThat(found(host, path)).isEqualTo(route);
  }

  @Test
  void agreesWithAPlainSearchOnRandomTables() {
    Random random = new Random(SEED);
    for (int round = 0; round < 300; round++) {
      Map<Route.Key, List<Route.Target>> targets = new HashMap<>();
      Instance instance = new Instance("i", "127.0.0.1", 1, 1);
      for (int i = random.nextInt(30); i >= 0; i--) {
        targets.put(
            new Route.Key(hostPattern(random), randomPath(random)),
            List.of(new Route.Target(instance, true, 1, 0, 0)));
      }
      RoutingTable table = RoutingTable.empty(1).with("app", targets);
      for (int i = 0; i < 50; i++) {
        String host = host(random);
        String path = randomPath(random) + (random.nextBoolean() ? "/" : "/x");
        Route route = find(table, host, path);
        assertThat(Optional.ofNullable(route).map(found -> found.key))
            .as("seed %d round %d: %s %s", SEED, round, host, path)
            .isEqualTo(plainSearch(targets.keySet(), host, path));
      }
    }
  }

  private static String host(Random random) {
    return List.of("t", "a.t", "b.a.t", "c.t").get(random.nextInt(4));
  }

  private static String hostPattern(Random random) {
    return List.of("", "t", "a.t", "*.t", "*.a.t").get(random.nextInt(5));
  }

  private static String randomPath(Random random) {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      path.append('/').append("ab".charAt(random.nextInt(2)));
    }
    return path.toString();
  }

  private static Optional<Route.Key> plainSearch(
      Iterable<Route.Key> keys, String host, String path) {
    List<Route.Key> matching = new ArrayList<>();
    for (Route.Key key : keys) {
      boolean isHost =
          key.host().isEmpty()
              || key.host().equals(host)
              || (key.host().startsWith("*.") && host.endsWith(key.host().substring(1)));
      if (isHost && (path + "/").startsWith(key.path() + "/")) {
        matching.add(key);
      }
    }
    return matching.stream()
        .max(
            Comparator.<Route.Key>comparingInt(
                    key -> key.host().startsWith("*") ? 0 : key.host().isEmpty() ? -1 : 1)
                .thenComparing(key -> key.host().length())
                .thenComparing(key -> key.path().length()));
  }

  @Test
  void aChangeOfOneServiceLeavesTheRoutesOfOthersAlone() {
    catalog.replace("app", List.of(endpoint("a", "app", "urlprefix-/app")));
    catalog.replace("web", List.of(endpoint("w", "web", "urlprefix-/web")));
    Route web = find(catalog.table(), "x", "/web");
    Route app = find(catalog.table(), "x", "/app");
    catalog.replace(
        "app",
        List.of(endpoint("a", "app", "urlprefix-/app"), endpoint("b", "app", "urlprefix-/app")));
    assertThat(find(catalog.table(), "x", "/web")).isSameAs(web);
    Route next = find(catalog.table(), "x", "/app");
    assertThat(next).isNotNull().isNotSameAs(app);
    assertThat(app).isNotNull();
    assertThat(app.latest()).isSameAs(next);
    assertThat(app.targets.getFirst().instance()).isSameAs(next.targets.getFirst().instance());
    catalog.replace("app", List.of());
    assertThat(found("x", "/app")).isEqualTo("none");
  }

  @Test
  void twoServicesShareARouteAndOnlyPassingInstancesTakeIt() {
    catalog.replace("app", List.of(endpoint("a", "app", "urlprefix-/")));
    catalog.replace("web", List.of(endpoint("w", "web", "urlprefix-/")));
    assertThat(find(catalog.table(), "x", "/").targets).hasSize(2);
    for (State state : State.values()) {
      catalog.replace(
          "app",
          List.of(new Endpoint("a", "app", "127.0.0.1", 1, 1, state, List.of("urlprefix-/"))));
      assertThat(find(catalog.table(), "x", "/").targets).hasSize(state == State.PASSING ? 2 : 1);
    }
    catalog.replace("web", List.of());
    assertThat(find(catalog.table(), "x", "/").targets).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "urlprefix-/|/|0|0",
        "urlprefix-/a/b/|/a/b|0|0",
        "urlprefix-/a/b strip=/a|/a/b|2|0",
        "urlprefix-/a/b strip=/a/b/|/a/b|4|0",
        "urlprefix-/a strip=/|/a|0|0",
        "urlprefix-h.t/a weight=0.25 proto=http|h.t/a|0|0.25",
        "urlprefix-/a  strip=/a   weight=1|/a|2|1",
        "urlprefix-/%7euser|/~user|0|0",
        "urlprefix-[::1]/|[::1]/|0|0"
      })
  void readsTags(String tag, String route, int strip, double share) {
    assertThat(RouteTag.parse(tag))
        .isInstanceOfSatisfying(
            RouteTag.Valid.class,
            valid -> {
              assertThat(valid.key()).hasToString(route);
              assertThat(valid.strip()).isEqualTo(strip);
              assertThat(valid.share()).isEqualTo(share);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "urlprefix-|there is no / after the host",
        "urlprefix-:3306 proto=tcp|there is no / after the host",
        "urlprefix-h t/a|there is no / after the host",
        "urlprefix-h*t/|'h*t' is not a host, *.suffix or nothing",
        "urlprefix-*./|'*.' is not a host, *.suffix or nothing",
        "urlprefix-/a/../b|the path is malformed",
        "urlprefix-/a?b|the path is malformed",
        "urlprefix-/a strip=/b|strip=/b is not the start of its path",
        "urlprefix-/ab strip=/a|strip=/a is not the start of its path",
        "urlprefix-/a strip=a|strip=a is not the start of its path",
        "urlprefix-/a weight=x|weight=x is not a number from 0 to 1",
        "urlprefix-/a weight=-1|weight=-1 is not a number from 0 to 1",
        "urlprefix-/a weight=NaN|weight=NaN is not a number from 0 to 1",
        "urlprefix-/a proto=grpc|proto=grpc is not supported",
        "urlprefix-/a auth=basic|option auth is not supported"
      })
  void saysWhatIsWrongWithATag(String tag, String why) {
    assertThat(RouteTag.parse(tag)).isEqualTo(new RouteTag.Malformed(why));
  }
}
