package dev.muster.nginx.compile;

import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.nginx.language.Check;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Position;
import dev.muster.nginx.language.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A configuration that [Check] found well formed, made into the balancer's.
public final class Compilation {
  /// What came of it. With errors, the configuration is what was understood in spite of them, and
  /// must not be used.
  public record Result(Configuration configuration, List<Problem> errors, List<Problem> warnings) {
    /// Copies what it is given.
    public Result {
      errors = List.copyOf(errors);
      warnings = List.copyOf(warnings);
    }
  }

  /// A name on a socket: two servers cannot both have it.
  private record Taken(ListenConfig.Socket socket, ServerName name) {}

  private final Findings findings = new Findings();
  private final Texts texts = Texts.of(findings);
  private final Upstreams upstreams = new Upstreams(texts);
  private final Listens listens = new Listens(findings);
  private final Lookups lookups = new Lookups(texts);
  private final Requests requests = new Requests(findings);
  private final Zones zones = new Zones(texts);
  private final Logs logs;
  private final Names names;
  private final Locations locations;
  private final Set<Taken> taken = new HashSet<>();

  private Compilation(Place place) {
    this.names = new Names(texts, place.hostname());
    this.logs = new Logs(texts, place);
    this.locations =
        new Locations(
            texts,
            new Policies(
                texts,
                new Proxies(texts, upstreams),
                new Files(texts, place),
                new Responses(texts, new Proxied(texts)),
                new Access(texts, zones, place),
                new Clients(findings),
                logs));
  }

  /// Compiles a whole configuration.
  public static Result of(Check.Result checked, Place place) {
    return new Compilation(place).run(checked);
  }

  private Result run(Check.Result checked) {
    List<Directive> directives = checked.directives();
    List<Directive> http =
        checked.isBare()
            ? directives
            : directives.stream()
                .filter(each -> each.name().equals("http"))
                .flatMap(each -> each.inside().stream())
                .toList();
    lookups.reserve(http);
    new Declarations(texts.variables()).declare(http);
    lookups.declare(http);
    Level level = new Level(null, http);
    level.here("upstream").forEach(upstreams::declare);
    zones.declare(level);
    logs.declare(level);
    List<ServerConfig> servers = new ArrayList<>();
    level.here("server").forEach(each -> servers.add(server(each, level)));
    return new Result(
        new Configuration(servers, upstreams.byName(), zones.byName()),
        findings.errors(),
        findings.warnings());
  }

  private ServerConfig server(Directive directive, Level http) {
    Level level = new Level(http, directive.inside());
    List<ListenConfig> where = listens.of(level);
    List<ServerName> called = names.of(level);
    for (ListenConfig listen : where) {
      called.forEach(name -> take(listen.socket(), name));
    }
    LocationConfig root = locations.root(level);
    return new ServerConfig(
        where,
        called,
        root,
        locations.of(level),
        requests.of(level),
        directive.at().file() + ":" + directive.at().line());
  }

  private void take(ListenConfig.Socket socket, ServerName name) {
    if (name instanceof ServerName.Matching || taken.add(new Taken(socket, name))) {
      return;
    }
    String written =
        switch (name) {
          case ServerName.Exact(String exact) -> exact;
          case ServerName.Below(String suffix) -> "*" + suffix;
          case ServerName.Starting(String prefix) -> prefix + "*";
          case ServerName.Matching(var pattern, _) -> pattern.pattern();
        };
    findings.warn(
        Position.NOWHERE, "conflicting server name \"" + written + "\" on " + socket + ", ignored");
  }
}
