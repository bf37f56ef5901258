package dev.muster.balancer;

import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.GuardConfig;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.Balancing;
import dev.muster.balancer.config.UpstreamConfig.Sticky;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A configuration of one upstream that keeps sessions, behind the host `test`.
final class StickyServers {
  private StickyServers() {}

  static UpstreamServer at(
      RawUpstream instance, int connectionsMax, boolean isDraining, String route) {
    return new UpstreamServer(
        "127.0.0.1",
        instance.port(),
        1,
        connectionsMax,
        1,
        Duration.ofSeconds(10),
        false,
        false,
        isDraining,
        Duration.ZERO,
        route);
  }

  static Configuration configuration(int port, Sticky sticky, UpstreamServer... servers)
      throws UnknownVariable {
    UpstreamConfig upstream =
        new UpstreamConfig(
            "up",
            List.of(servers),
            new Balancing.RoundRobin(),
            0,
            GuardConfig.defaults(),
            Optional.of(sticky));
    Template host = Template.compile("up", new Variables());
    LocationConfig location =
        LocationConfig.of(new Match.Prefix("/", false))
            .with(
                new Content.Proxy(
                    new ProxyConfig(
                        new ProxyConfig.Target.Named("up"),
                        Optional.empty(),
                        List.of(new ProxyConfig.Header("Host", host)),
                        ProxyConfig.Timeouts.defaults(),
                        ProxyConfig.Retry.defaults())));
    ServerConfig server =
        new ServerConfig(
            List.of(ListenConfig.of("127.0.0.1", port)),
            List.of(new ServerName.Exact("test")),
            LocationConfig.of(new Match.Prefix("/", false)),
            List.of(location),
            "test");
    return new Configuration(List.of(server), Map.of("up", upstream));
  }
}
