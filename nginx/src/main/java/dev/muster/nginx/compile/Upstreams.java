package dev.muster.nginx.compile;

import dev.muster.balancer.config.HealthCheck;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.Balancing;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.nginx.language.Address;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `upstream`, and the ones that `proxy_pass` to a single server makes.
final class Upstreams {
  private static final int HTTP_PORT = 80;

  private final Texts texts;
  private final Findings findings;
  private final Sessions sessions;
  private final Map<String, UpstreamConfig> byName = new LinkedHashMap<>();

  Upstreams(Texts texts) {
    this.texts = texts;
    this.findings = texts.findings();
    this.sessions = new Sessions(texts);
  }

  /// All so far.
  Map<String, UpstreamConfig> byName() {
    return byName;
  }

  /// Whether the configuration itself has one of that name.
  boolean isDeclared(String name) {
    return byName.containsKey(name);
  }

  /// The upstream that a single server is.
  void single(String name, Address address) {
    int port = address.port() == 0 ? HTTP_PORT : address.port();
    byName.putIfAbsent(
        name, UpstreamConfig.of(name, List.of(UpstreamServer.of(address.host(), port))));
  }

  /// Makes an upstream sticky that does not say itself how, for `proxy_stickiness` where it is
  /// passed to.
  void stick(String name, Directive directive) {
    UpstreamConfig upstream = byName.get(name);
    if (upstream != null && upstream.sticky().isEmpty()) {
      byName.put(name, upstream.with(sessions.stickiness(name, directive)));
    }
  }

  /// Has the servers of an upstream checked.
  void check(String name, HealthCheck how) {
    byName.computeIfPresent(name, (_, upstream) -> upstream.with(how));
  }

  /// Reads a block.
  void declare(Directive upstream) {
    String name = upstream.word(0);
    if (byName.containsKey(name)) {
      findings.error(upstream, "duplicate upstream \"" + name + "\"");
      return;
    }
    Balancing balancing = new Balancing.RoundRobin();
    boolean isChosen = false;
    List<UpstreamServer> servers = new ArrayList<>();
    for (Directive directive : upstream.inside()) {
      Optional<Balancing> method = balancing(directive);
      if (method.isPresent()) {
        if (isChosen) {
          findings.warn(directive, "load balancing method redefined");
        }
        isChosen = true;
        balancing = method.get();
      } else if (directive.name().equals("server")) {
        server(directive, balancing).ifPresent(servers::add);
      }
    }
    if (upstream.inside().stream().noneMatch(each -> each.name().equals("server"))) {
      findings.error(upstream, "no servers are inside upstream");
    } else if (!servers.isEmpty() && servers.stream().allMatch(UpstreamServer::isBackup)) {
      findings.error(upstream, "no servers in upstream \"" + name + "\"");
    }
    byName.put(
        name,
        new UpstreamConfig(
            name,
            servers,
            balancing,
            idle(upstream),
            sessions.queue(upstream),
            sessions.sticky(upstream)));
  }

  private int idle(Directive upstream) {
    for (Directive directive : upstream.inside()) {
      if (directive.name().equals("keepalive")) {
        int count = Quantity.number(directive.word(0)).orElse(0);
        if (count == 0) {
          findings.error(
              directive, "invalid value \"" + directive.word(0) + "\" in \"keepalive\" directive");
        }
        return count;
      }
    }
    return 0;
  }

  private Optional<Balancing> balancing(Directive directive) {
    return switch (directive.name()) {
      case "least_conn" -> Optional.of(new Balancing.LeastConnections());
      case "ip_hash" -> Optional.of(new Balancing.IpHash());
      case "hash" -> Optional.of(hash(directive));
      case "random" -> Optional.of(random(directive));
      case "least_time" -> Optional.of(leastTime(directive));
      default -> Optional.empty();
    };
  }

  private Balancing hash(Directive directive) {
    boolean isConsistent = directive.size() == 2 && directive.word(1).equals("consistent");
    if (directive.size() == 2 && !isConsistent) {
      findings.badParameter(directive, directive.word(1));
    }
    return new Balancing.Hash(texts.template(directive, directive.word(0)), isConsistent);
  }

  private Balancing random(Directive directive) {
    if (directive.size() == 0) {
      return new Balancing.Random(false);
    }
    if (!directive.word(0).equals("two")) {
      findings.badParameter(directive, directive.word(0));
    } else if (directive.size() == 2) {
      switch (directive.word(1)) {
        case "least_conn" -> {}
        case "least_time=header", "least_time=last_byte" -> {
          return new Balancing.RandomTwoLeastTime();
        }
        default -> findings.badParameter(directive, directive.word(1));
      }
    }
    return new Balancing.Random(true);
  }

  private Balancing leastTime(Directive directive) {
    for (String word : directive.texts()) {
      if (!word.equals("header") && !word.equals("last_byte") && !word.equals("inflight")) {
        findings.badParameter(directive, word);
      }
    }
    return new Balancing.LeastTime();
  }

  private Optional<UpstreamServer> server(Directive directive, Balancing balancing) {
    String written = directive.word(0);
    return switch (Address.ofServer(written)) {
      case Address.Reading.Bad(String reason) -> {
        findings.error(directive, reason + " in upstream \"" + written + "\"");
        yield Optional.empty();
      }
      case Address.Reading.Unix _ -> {
        findings.error(
            directive, "server \"" + written + "\" is not supported", "use an address and a port");
        yield Optional.empty();
      }
      case Address.Reading.Good(Address address) -> {
        Parameters parameters = parameters(directive);
        if (parameters.isBackup && !allowsBackup(balancing)) {
          findings.error(directive, "balancing method does not support parameter \"backup\"");
        }
        int port = address.port() == 0 ? HTTP_PORT : address.port();
        yield Optional.of(parameters.server(address.host(), port));
      }
    };
  }

  private static boolean allowsBackup(Balancing balancing) {
    return switch (balancing) {
      case Balancing.Hash _,
          Balancing.IpHash _,
          Balancing.Random _,
          Balancing.RandomTwoLeastTime _,
          Balancing.PeakEwma _,
          Balancing.Maglev _,
          Balancing.Ring _ ->
          false;
      case Balancing.RoundRobin _, Balancing.LeastConnections _, Balancing.LeastTime _ -> true;
    };
  }

  /// What the words behind a server's address say.
  private static final class Parameters {
    private int weight = 1;
    private int maxConnections;
    private int maxFails = 1;
    private Duration failTimeout = Duration.ofSeconds(10);
    private boolean isBackup;
    private boolean isDown;
    private boolean isDraining;
    private Duration slowStart = Duration.ZERO;
    private String route = "";

    UpstreamServer server(String host, int port) {
      return new UpstreamServer(
          host,
          port,
          weight,
          maxConnections,
          maxFails,
          failTimeout,
          isBackup,
          isDown,
          isDraining,
          slowStart,
          route);
    }
  }

  private Parameters parameters(Directive directive) {
    Parameters all = new Parameters();
    for (String word : directive.texts().subList(1, directive.size())) {
      if (!set(all, word)) {
        findings.badParameter(directive, word);
      }
    }
    return all;
  }

  /// Whether it is a parameter.
  private static boolean set(Parameters all, String word) {
    int equals = word.indexOf('=');
    if (equals < 0) {
      all.isBackup |= word.equals("backup");
      all.isDown |= word.equals("down");
      all.isDraining |= word.equals("drain");
      // what is resolved here is resolved again and again anyway
      return List.of("backup", "down", "drain", "resolve").contains(word);
    }
    String value = word.substring(equals + 1);
    return switch (word.substring(0, equals)) {
      case "weight" -> {
        all.weight = Quantity.number(value).orElse(0);
        yield all.weight > 0;
      }
      case "max_conns" -> {
        all.maxConnections = Quantity.number(value).orElse(-1);
        yield all.maxConnections >= 0;
      }
      case "max_fails" -> {
        all.maxFails = Quantity.number(value).orElse(-1);
        yield all.maxFails >= 0;
      }
      case "fail_timeout" -> {
        Optional<Duration> time = Quantity.time(value);
        all.failTimeout = time.orElse(Duration.ZERO);
        yield time.isPresent();
      }
      case "slow_start" -> {
        Optional<Duration> time = Quantity.time(value);
        all.slowStart = time.orElse(Duration.ZERO);
        yield time.isPresent();
      }
      case "route" -> {
        all.route = value;
        yield true;
      }
      // the names of SRV records; the registry says the same by itself
      case "service" -> !value.isEmpty();
      default -> false;
    };
  }
}
