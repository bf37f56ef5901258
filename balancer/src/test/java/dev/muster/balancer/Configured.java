package dev.muster.balancer;

import dev.muster.balancer.config.AccessConfig;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.ClientConfig;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.RequestConfig;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.config.ZoneConfig;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A balancer with a configuration of one server for the host `test`, put together step by step.
final class Configured implements AutoCloseable {
  final Balancer balancer;
  final Variables variables = new Variables();
  final Map<String, ZoneConfig> zones = new HashMap<>();
  final Map<String, UpstreamConfig> upstreams = new HashMap<>();
  LocationConfig root = LocationConfig.of(new Match.Prefix("/", false));

  Configured() {
    this(BalancerConfig.defaults());
  }

  Configured(BalancerConfig config) {
    balancer = Balancer.start(config.withListen("127.0.0.1", 0).withThreads(2));
  }

  Template text(String source) {
    try {
      return Template.compile(source, variables);
    } catch (UnknownVariable e) {
      throw new IllegalArgumentException(e);
    }
  }

  LocationConfig to(String path, RawUpstream app, ProxyConfig.Header... headers) {
    String name = "to" + app.port();
    upstreams.put(
        name, UpstreamConfig.of(name, List.of(UpstreamServer.of("127.0.0.1", app.port()))));
    ProxyConfig plain = ProxyConfig.to(name);
    return LocationConfig.of(new Match.Prefix(path, false))
        .with(
            new Content.Proxy(
                new ProxyConfig(
                    plain.to(),
                    Optional.empty(),
                    Arrays.asList(headers),
                    plain.timeouts(),
                    plain.retry())));
  }

  ProxyConfig.Header header(String name, String value) {
    return new ProxyConfig.Header(name, text(value));
  }

  LocationConfig returning(String path, int status, String body) {
    return LocationConfig.of(new Match.Prefix(path, false))
        .with(List.of(new Instruction.Return(status, Optional.of(text(body)))));
  }

  static LocationConfig guarded(LocationConfig location, AccessConfig.Permission permission) {
    return location.with(location.access().with(permission));
  }

  void rootClient(ClientConfig client) {
    root = root.with(client);
  }

  void apply(LocationConfig... locations) {
    apply(List.of(ListenConfig.of("127.0.0.1", balancer.port())), locations);
  }

  void apply(List<ListenConfig> listens, LocationConfig... locations) {
    List<ServerConfig> servers = new ArrayList<>();
    servers.add(
        new ServerConfig(
            listens,
            List.of(new ServerName.Exact("test")),
            root,
            List.of(locations),
            RequestConfig.defaults(),
            "test"));
    balancer.apply(new Configuration(servers, upstreams, zones));
  }

  RawClient client() throws IOException {
    return new RawClient(balancer.port());
  }

  RawClient.Response get(String target, String... lines) throws IOException {
    try (RawClient client = client()) {
      StringBuilder all = new StringBuilder();
      for (String line : lines) {
        all.append(line).append("\r\n");
      }
      client.send("GET " + target + " HTTP/1.1\r\nHost: test\r\n" + all + "\r\n");
      return client.read();
    }
  }

  @Override
  public void close() {
    balancer.close();
  }
}
