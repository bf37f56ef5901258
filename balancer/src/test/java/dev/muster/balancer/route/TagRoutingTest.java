package dev.muster.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.chain.Chance;
import dev.muster.balancer.config.SessionKey;
import dev.muster.balancer.dispatch.Member;
import dev.muster.balancer.guard.EjectionRules;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.observe.Ledgers;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.upstream.Catalog;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.State;
import dev.muster.balancer.upstream.Instance;
import dev.muster.balancer.upstream.Rules;
import dev.muster.balancer.upstream.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which route a host and path find, and what changes when endpoints do.
class TagRoutingTest {
  private static final long SEED = 11;

  private final Catalog catalog =
      new Catalog(() -> 0, EjectionRules.nginx(1, Duration.ofSeconds(10)));
  private final Routing routing =
      Routing.of(
          catalog,
          1,
          Ledgers.of(List.of(), () -> 0),
          SessionKey.random(new SplittableRandom(1)),
          Rules::plain,
          new Chance(new SplittableRandom(1)));

  private static Endpoint endpoint(String id, String service, String... tags) {
    return new Endpoint(id, service, "127.0.0.1", 1, 1, State.PASSING, List.of(tags));
  }

  private @Nullable Location find(String host, String path) {
    byte[] hostOctets = Octets.ascii(host);
    byte[] pathOctets = Octets.ascii(path);
    return routing.table().byTag(hostOctets, hostOctets.length, pathOctets, 0, pathOctets.length);
  }

  private String found(String host, String path) {
    Location location = find(host, path);
    return location == null ? "none" : location.name().replace("route ", "");
  }

  private List<Target> targets(String host, String path) {
    return Objects.requireNonNull(Objects.requireNonNull(find(host, path)).cluster())
        .membership()
        .targets();
  }

  private static boolean takesRequests(Member member) {
    return member.isHealthy() && !member.isDraining();
  }

  private List<Target> healthy(String host, String path) {
    return targets(host, path).stream().filter(target -> takesRequests(target.member())).toList();
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
      Set<RouteKey> keys = new HashSet<>();
      List<String> tags = new ArrayList<>();
      for (int i = random.nextInt(30); i >= 0; i--) {
        RouteKey key = new RouteKey(hostPattern(random), randomPath(random));
        keys.add(key);
        tags.add("urlprefix-" + key.host() + key.path() + "/");
      }
      catalog.replace("app", List.of(endpoint("a", "app", tags.toArray(String[]::new))));
      for (int i = 0; i < 50; i++) {
        String host = host(random);
        String path = randomPath(random) + (random.nextBoolean() ? "/" : "/x");
        assertThat(found(host, path))
            .as("seed %d round %d: %s %s", SEED, round, host, path)
            .isEqualTo(plainSearch(keys, host, path).map(RouteKey::toString).orElse("none"));
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

  private static Optional<RouteKey> plainSearch(Iterable<RouteKey> keys, String host, String path) {
    List<RouteKey> matching = new ArrayList<>();
    for (RouteKey key : keys) {
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
            Comparator.<RouteKey>comparingInt(
                    key -> key.host().startsWith("*") ? 0 : key.host().isEmpty() ? -1 : 1)
                .thenComparing(key -> key.host().length())
                .thenComparing(key -> key.path().length()));
  }

  @Test
  void aChangeOfOneServiceLeavesTheRoutesOfOthersAlone() {
    catalog.replace("app", List.of(endpoint("a", "app", "urlprefix-/app")));
    catalog.replace("web", List.of(endpoint("w", "web", "urlprefix-/web")));
    Location web = find("x", "/web");
    Instance before = targets("x", "/app").getFirst().instance();
    catalog.replace(
        "app",
        List.of(endpoint("a", "app", "urlprefix-/app"), endpoint("b", "app", "urlprefix-/app")));
    assertThat(find("x", "/web")).isSameAs(web);
    assertThat(targets("x", "/app")).hasSize(2);
    assertThat(targets("x", "/app").getFirst().instance()).isSameAs(before);
    catalog.replace("app", List.of());
    assertThat(found("x", "/app")).isEqualTo("none");
  }

  @Test
  void aRequestThatWaitsSeesWhoIsThereLater() {
    catalog.replace("app", List.of(endpoint("a", "app", "urlprefix-/app")));
    Location routed = find("x", "/app");
    catalog.replace("app", List.of(endpoint("b", "app", "urlprefix-/app")));
    assertThat(
            Objects.requireNonNull(Objects.requireNonNull(routed).cluster()).membership().targets())
        .extracting(target -> target.instance().id())
        .containsExactly("b");
  }

  @Test
  void twoServicesShareARouteAndOnlyPassingInstancesTakeIt() {
    catalog.replace("app", List.of(endpoint("a", "app", "urlprefix-/")));
    catalog.replace("web", List.of(endpoint("w", "web", "urlprefix-/")));
    assertThat(targets("x", "/")).hasSize(2);
    for (State state : State.values()) {
      catalog.replace(
          "app",
          List.of(new Endpoint("a", "app", "127.0.0.1", 1, 1, state, List.of("urlprefix-/"))));
      assertThat(healthy("x", "/")).hasSize(state == State.PASSING ? 2 : 1);
    }
    catalog.replace("web", List.of());
    assertThat(healthy("x", "/")).isEmpty();
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
        "urlprefix-/a sticky=header:|sticky=header: is not cookie, ip or header:name",
        "urlprefix-/a sticky=yes|sticky=yes is not cookie, ip or header:name",
        "urlprefix-/a proto=grpc|proto=grpc is not supported",
        "urlprefix-/a auth=basic|option auth is not supported"
      })
  void saysWhatIsWrongWithATag(String tag, String why) {
    assertThat(RouteTag.parse(tag)).isEqualTo(new RouteTag.Malformed(why));
  }

  /// The weights of candidates with these shares of their own and the weights 1, 2, …
  private static long[] weights(double... shares) {
    List<TagRouting.Candidate> candidates = new ArrayList<>();
    Catalog others = new Catalog(() -> 0, EjectionRules.nginx(1, Duration.ofSeconds(10)));
    for (int i = 0; i < shares.length; i++) {
      int weight = i + 1;
      double share = shares[i];
      others.follow(
          (_, residents) ->
              residents.forEach(
                  resident ->
                      candidates.add(
                          new TagRouting.Candidate(
                              resident.instance(), State.PASSING, "", weight, share, 0, null))));
    }
    others.replace("app", List.of(endpoint("a", "app")));
    return TagRouting.targets(candidates).stream()
        .mapToLong(target -> target.member().weight())
        .toArray();
  }

  @Test
  void sharesComeBeforeWeights() {
    assertThat(weights(0, 0, 0)).containsExactly(1, 2, 3);
    assertThat(weights(0.2, 0, 0)).containsExactly(200_000, 320_000, 480_000);
    assertThat(weights(0.2, 0.2)).containsExactly(500_000, 500_000);
    assertThat(weights(1, 1, 0)).containsExactly(500_000, 500_000, 0);
    assertThat(weights(0.9, 0.9, 0.9)[1]).isBetween(333_332L, 333_334L);
  }
}
