package dev.muster.balancer.chain;

import dev.muster.balancer.config.ChainConfig.Binding;
import dev.muster.balancer.config.ChainConfig.Cookie;
import dev.muster.balancer.config.ChainConfig.Destination;
import dev.muster.balancer.config.ChainConfig.Line;
import dev.muster.balancer.config.ChainConfig.Route;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxiedConfig;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.AddedHeader;
import dev.muster.balancer.observe.Ledger;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Step;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.response.ResponseRules;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variable;
import dev.muster.balancer.variable.Variables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the ways of a chain end when nothing but the registry says how requests are passed on.
public final class Endings {
  private static final Match EVERYTHING = new Match.Prefix("/", false);
  private static final String SET_COOKIE = "Set-Cookie";

  private Endings() {}

  /// Ends that pass requests on as those of registered services are.
  ///
  /// @param strip how many octets at the start of the path are not sent on
  /// @param ledger where the requests are entered
  public static Chain.Ending plain(int strip, Chance chance, Ledger ledger) {
    return (cluster, route, to) -> {
      LocationConfig config = config(cluster, route, to, chance);
      var forwarding = new ChainForwarding(to.request(), route.match().path(), to.rewrite(), strip);
      return Location.of(
          cluster.name(),
          config,
          new Step[0],
          cluster,
          forwarding,
          new ResponseRules(config, false),
          ledger);
    };
  }

  private static LocationConfig config(
      Cluster cluster, Route route, Destination to, Chance chance) {
    return LocationConfig.of(EVERYTHING)
        .with(new Content.Proxy(proxy(cluster, to)))
        .with(
            new ResponseConfig(added(route, to, chance))
                .with(ProxiedConfig.defaults().hiding(to.response().removed(), List.of())));
  }

  private static ProxyConfig proxy(Cluster cluster, Destination to) {
    ProxyConfig plain = ProxyConfig.to(cluster.name());
    return new ProxyConfig(plain.to(), plain.uri(), plain.headers(), to.timeouts(), to.retry());
  }

  /// The header lines that answers get.
  public static List<AddedHeader> added(Route route, Destination to, Chance chance) {
    List<AddedHeader> added = new ArrayList<>();
    for (Line line : to.response().added()) {
      added.add(new AddedHeader(line.name(), Template.literal(line.value()), true));
    }
    if (route.binding() == Binding.COOKIE && route.splits().size() > 1) {
      added.add(
          new AddedHeader(
              SET_COOKIE, template("split", request -> splitCookie(request, chance)), true));
    }
    for (Cookie cookie : to.cookies()) {
      added.add(
          new AddedHeader(
              SET_COOKIE, template("hash", request -> hashCookie(request, cookie, chance)), true));
    }
    return added;
  }

  private static @Nullable String splitCookie(Request request, Chance chance) {
    return SplitCookie.of(request) >= 0 ? null : SplitCookie.line(chance.of(request));
  }

  private static @Nullable String hashCookie(Request request, Cookie cookie, Chance chance) {
    return HashKey.cookie(request, cookie.name()).isPresent()
        ? null
        : cookie.name() + "=" + HashKey.fresh(chance.of(request)) + cookie.attributes();
  }

  static Template template(String name, Variable variable) {
    var variables = new Variables();
    variables.declare(name, variable);
    try {
      return Template.compile("$" + name, variables);
    } catch (UnknownVariable e) {
      throw new IllegalStateException("a variable that was declared is unknown", e);
    }
  }

  /// What hashing looks at, as a text that [dev.muster.balancer.config.UpstreamConfig] takes.
  public static Template key(List<HashKey.Part> parts, Chance chance) {
    StringBuilder name = new StringBuilder("hash");
    for (HashKey.Part part : parts) {
      for (char c : part.toString().toCharArray()) {
        name.append('_').append((int) c);
      }
    }
    var key = new HashKey(parts, chance);
    return template(name.toString(), request -> key.text(request));
  }
}
