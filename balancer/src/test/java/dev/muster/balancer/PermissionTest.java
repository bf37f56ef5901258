package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.AccessConfig.AddressRule;
import dev.muster.balancer.config.AccessConfig.BasicAuth;
import dev.muster.balancer.config.AccessConfig.LimitExcept;
import dev.muster.balancer.config.AccessConfig.Permission;
import dev.muster.balancer.config.AccessConfig.Whom;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `allow`, `deny`, `auth_basic`, `satisfy` and `limit_except`.
class PermissionTest {
  private final Configured server = new Configured();
  private RawUpstream app;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    app = RawUpstream.answering("ok");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    app.close();
  }

  private static AddressRule rule(boolean allows, String network) {
    return new AddressRule(
        allows,
        network.equals("all")
            ? new Whom.All()
            : new Whom.In(Objects.requireNonNull(Network.parse(network))));
  }

  private static Permission addresses(AddressRule... rules) {
    return new Permission(
        false, List.of(rules), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private LocationConfig guarded(String path, Permission permission) {
    return Configured.guarded(server.to(path, app), permission);
  }

  private BasicAuth basic(String file) {
    return new BasicAuth(server.text("a \"realm\""), server.text(folder.resolve(file).toString()));
  }

  private static String authorization(String user) {
    byte[] octets = user.getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(octets);
  }

  @Test
  void theFirstRuleAboutAnAddressDecides() throws Exception {
    server.apply(
        guarded("/in", addresses(rule(true, "127.0.0.0/8"), rule(false, "all"))),
        guarded("/out", addresses(rule(false, "127.0.0.1"), rule(true, "all"))),
        guarded("/other", addresses(rule(false, "10.0.0.0/8"), rule(false, "::/0"))),
        guarded("/narrow", addresses(rule(true, "127.0.0.2/31"), rule(false, "all"))));
    assertThat(server.get("/in").status()).isEqualTo(200);
    assertThat(server.get("/out").status()).isEqualTo(403);
    assertThat(server.get("/other").status()).isEqualTo(200);
    assertThat(server.get("/narrow").status()).isEqualTo(403);
  }

  @Test
  void rulesOfTheServerHoldOnlyWhereNoLocationDoes() throws Exception {
    server.root =
        Configured.guarded(server.returning("/", 200, "never"), addresses(rule(false, "all")))
            .with(List.of());
    server.apply(guarded("/in", addresses(rule(true, "all"))));
    assertThat(server.get("/in").status()).isEqualTo(200);
    assertThat(server.get("/").status()).isEqualTo(403);
  }

  @Test
  void aPasswordIsAskedFor() throws Exception {
    Path file = folder.resolve("users");
    Files.writeString(
        file,
        "# people\nann:{PLAIN}one:a comment\nbob:$apr1$abcdefgh$" + "h9FWgUz3n9YxylKLlR5SQ/\n");
    Permission permission =
        new Permission(
            false, List.of(), Optional.of(basic("users")), Optional.empty(), Optional.empty());
    LocationConfig location =
        Configured.guarded(
            server.to("/", app, server.header("X-User", "$remote_user")), permission);
    server.apply(location);
    RawClient.Response refused = server.get("/");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate")).isEqualTo("Basic realm=\"a \\\"realm\\\"\"");
    assertThat(server.get("/", authorization("ann:two")).status()).isEqualTo(401);
    assertThat(server.get("/", authorization("eve:one")).status()).isEqualTo(401);
    assertThat(server.get("/", authorization("ann:one")).status()).isEqualTo(200);
    assertThat(server.get("/", authorization("bob:secret")).status()).isEqualTo(200);
    assertThat(app.heads.getLast()).contains("X-User: bob\r\n");
    try (RawClient client = server.client()) {
      String request =
          "GET / HTTP/1.1\r\nHost: test\r\n" + authorization("bob:secret") + "\r\n\r\n";
      client.send(request + request + request);
      for (int i = 0; i < 3; i++) {
        assertThat(client.read().status()).isEqualTo(200);
      }
    }
    Files.writeString(file, "cid:{PLAIN}three\n");
    assertThat(server.get("/", authorization("cid:three")).status()).isEqualTo(200);
    Files.delete(file);
    assertThat(server.get("/", authorization("dan:four")).status()).isEqualTo(403);
  }

  @Test
  void oneOfTheRulesIsEnough() throws Exception {
    Files.writeString(folder.resolve("users"), "ann:{PLAIN}one\n");
    Optional<BasicAuth> basic = Optional.of(basic("users"));
    server.apply(
        guarded(
            "/near",
            new Permission(
                true,
                List.of(rule(true, "127.0.0.1"), rule(false, "all")),
                basic,
                Optional.empty(),
                Optional.empty())),
        guarded(
            "/far",
            new Permission(
                true, List.of(rule(false, "all")), basic, Optional.empty(), Optional.empty())),
        guarded(
            "/both",
            new Permission(
                false, List.of(rule(false, "all")), basic, Optional.empty(), Optional.empty())),
        guarded(
            "/silent",
            new Permission(
                true,
                List.of(rule(true, "10.0.0.0/8")),
                basic,
                Optional.empty(),
                Optional.empty())));
    assertThat(server.get("/near").status()).isEqualTo(200);
    assertThat(server.get("/far").status()).isEqualTo(401);
    assertThat(server.get("/far", authorization("ann:one")).status()).isEqualTo(200);
    assertThat(server.get("/far", authorization("ann:no")).status()).isEqualTo(401);
    assertThat(server.get("/both", authorization("ann:one")).status()).isEqualTo(403);
    assertThat(server.get("/silent").status()).isEqualTo(401);
  }

  @Test
  void otherMethodsHaveOtherRules() throws Exception {
    Permission others = addresses(rule(false, "all"));
    server.apply(
        guarded(
            "/",
            new Permission(
                false,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new LimitExcept(Set.of("GET"), others)))));
    assertThat(server.get("/").status()).isEqualTo(200);
    try (RawClient client = server.client()) {
      client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
      client.send("DELETE / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 200 ").contains("HTTP/1.1 403 ");
    }
  }
}
