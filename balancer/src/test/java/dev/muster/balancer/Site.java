package dev.muster.balancer;

import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.request.Surroundings;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A balancer with one virtual server whose locations a test writes down.
final class Site implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  final Balancer balancer;
  final Variables variables = new Variables();
  private final List<LocationConfig> locations = new ArrayList<>();
  private final Map<String, UpstreamConfig> upstreams = new HashMap<>();

  Site() {
    this(BalancerConfig.defaults());
  }

  Site(BalancerConfig config) {
    balancer =
        Balancer.start(
            config.withListen("127.0.0.1", 0).withThreads(1),
            new Surroundings(
                InstantSource.fixed(NOW),
                ZoneOffset.UTC,
                RandomGenerator.of("L64X128MixRandom"),
                "localhost",
                0));
  }

  Template text(String source) {
    try {
      return Template.compile(source, variables);
    } catch (UnknownVariable e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Match match(String path) {
    if (path.startsWith("@")) {
      return new Match.Named(path);
    }
    return path.startsWith("= ")
        ? new Match.Exact(path.substring(2))
        : new Match.Prefix(path, false);
  }

  Site with(LocationConfig location) {
    locations.add(location);
    return this;
  }

  /// Answers with a text.
  Site returning(String path, int status, String body, ResponseConfig response) {
    Instruction instruction =
        new Instruction.Return(status, body.isEmpty() ? Optional.empty() : Optional.of(text(body)));
    return with(LocationConfig.of(match(path)).with(List.of(instruction)).with(response));
  }

  Site returning(String path, int status, String body) {
    return returning(path, status, body, ResponseConfig.defaults());
  }

  /// The content `proxy_pass http://name[uri]`, to an address of this machine.
  Content proxy(String name, int port, String uri) {
    upstreams.put(name, UpstreamConfig.of(name, List.of(UpstreamServer.of("127.0.0.1", port))));
    return new Content.Proxy(
        new ProxyConfig(
            new ProxyConfig.Target.Named(name),
            uri.isEmpty() ? Optional.empty() : Optional.of(text(uri)),
            List.of(),
            ProxyConfig.Timeouts.defaults(),
            ProxyConfig.Retry.defaults()));
  }

  Site proxying(String path, RawUpstream to, ResponseConfig response) {
    return with(
        LocationConfig.of(match(path)).with(proxy("up" + to.port(), to.port(), "")).with(response));
  }

  Site start() {
    balancer.apply(
        new Configuration(
            List.of(
                new ServerConfig(
                    List.of(ListenConfig.of("127.0.0.1", balancer.port())),
                    List.of(new ServerName.Exact("test")),
                    LocationConfig.of(new Match.Prefix("/", false)),
                    locations,
                    "test")),
            upstreams));
    return this;
  }

  RawClient client() throws IOException {
    return new RawClient(balancer.port());
  }

  RawClient.Response get(String target) throws IOException {
    return ask("GET", target, "");
  }

  /// One request on a connection of its own.
  ///
  /// @param lines header lines, each with its end
  RawClient.Response ask(String method, String target, String lines) throws IOException {
    try (RawClient client = client()) {
      client.send(method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + lines + "\r\n");
      return method.equals("HEAD") ? client.readHead() : client.read();
    }
  }

  @Override
  public void close() {
    balancer.close();
  }
}
