package dev.muster.agent;

import dev.muster.agent.balancing.BalancerEndpoints;
import dev.muster.agent.balancing.BalancerMetrics;
import dev.muster.agent.balancing.ConfigurationFile;
import dev.muster.agent.balancing.RegistryFeed;
import dev.muster.agent.balancing.Table;
import dev.muster.agent.balancing.TableSettings;
import dev.muster.agent.config.AgentConfig;
import dev.muster.agent.config.Reading;
import dev.muster.balancer.Balancer;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.SessionKey;
import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.DataFolderException;
import dev.muster.consul.ConsulApi;
import dev.muster.consul.agent.Metrics;
import dev.muster.consul.agent.Surroundings;
import dev.muster.consul.serving.Server;
import dev.muster.dns.DnsServer;
import dev.muster.dns.PreparedQueries;
import dev.muster.health.HealthChecks;
import dev.muster.http.Handler;
import dev.muster.http.HttpConfig;
import dev.muster.http.HttpLimits;
import dev.muster.http.HttpServer;
import dev.muster.http.HttpTls;
import dev.muster.raft.RaftConfig;
import dev.muster.raft.RatisEngine;
import dev.muster.registry.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One server: registry, health checks, Consul's API, DNS and the balancer, wired together.
///
/// Started from the inside out, so that nothing is heard of before it can answer; stopped in the
/// opposite order.
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final String LOOPBACK = "127.0.0.1";

  private final Reading reading;
  private final Supplier<Reading> sources;
  private final AgentConfig config;
  private final String version;
  private final Consumer<Throwable> onFailure;
  private final Deque<Part> started = new ArrayDeque<>();
  private int httpPort = -1;
  private volatile Optional<Reloading> reloading = Optional.empty();
  private volatile Optional<Runnable> onLeave = Optional.empty();

  private record Part(String name, AutoCloseable part) {}

  private Agent(
      Reading reading, Supplier<Reading> sources, String version, Consumer<Throwable> onFailure) {
    this.reading = reading;
    this.sources = sources;
    config = reading.config();
    this.version = version;
    this.onFailure = onFailure;
  }

  /// Starts everything that the configuration asks for; blocks until it answers.
  ///
  /// @param sources reads the configuration again when it is reloaded
  /// @param version Muster's own
  /// @param onFailure told once, if the server stopped by itself because it could not go on safely;
  ///     the process should end
  /// @throws StartFailed if something could not start; everything is stopped again
  public static Agent start(
      Reading reading, Supplier<Reading> sources, String version, Consumer<Throwable> onFailure) {
    var agent = new Agent(reading, sources, version, onFailure);
    try {
      agent.start();
      return agent;
    } catch (IOException | UncheckedIOException | DataFolderException e) {
      agent.close();
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new StartFailed(reason, e);
    } catch (RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  /// Reads the configuration again and takes over what may change while the server runs: services,
  /// checks, the level of the log. What else changed is named in the log. Blocks.
  ///
  /// @return every problem, a sentence each; empty if all was taken over
  public List<String> reload() {
    return reloading
        .map(Reloading::reload)
        .orElse(List.of("the server is starting; try again when it is ready"));
  }

  /// The port of the HTTP API at its first address; -1 if it is off. For tests, which take any.
  int httpPort() {
    return httpPort;
  }

  private void start() throws IOException {
    reading.warnings().forEach(warning -> LOG.warn("{}", warning));
    DataFolder folder = keep("data folder", DataFolder.open(config));
    // The engine needs the longest to start, and nothing of the balancer needs it.
    Eventually<Optional<Balancer>> balancer = Eventually.of("balancer", () -> balancer(folder));
    Registry registry;
    try {
      registry = keep("registry", registry(folder));
    } finally {
      balancer.get().ifPresent(it -> keep("balancer", it));
    }
    Server server = server(folder, registry);
    var selfRegistration = new SelfRegistration(registry, server, config.identity().nodeMeta());
    selfRegistration.register();
    var definitions =
        new LocalDefinitions(registry, server.nodeName(), folder.defined(), config.scripts());
    define(definitions);
    registry.add(new AfterRestore(selfRegistration, definitions));
    var random = new SecureRandom();
    var health =
        keep(
            "health checks",
            HealthChecks.start(registry, System::nanoTime, random, config.scripts()));
    Optional<Table> table = balancer.get().map(it -> table(it, random));
    Optional<ConfigurationFile> file = feed(registry, table);
    balancer.get().ifPresent(it -> LOG.info("balancer on {}:{}", firstClientAddress(), it.port()));
    var numbers = new BalancerMetrics(balancer.get(), table);
    var metrics = new DnsMetrics(numbers);
    Optional<ApiFront> front = Optional.empty();
    if (config.ports().http() >= 0 || config.ports().https() >= 0) {
      var api =
          new ConsulApi(
              registry,
              health,
              server,
              surroundings(folder, metrics),
              InstantSource.system(),
              System::nanoTime,
              random);
      if (balancer.get().isPresent()) {
        boolean isDevelopment = config.isDevelopment();
        api.add(
            new BalancerEndpoints(balancer.get().get(), registry, numbers, isDevelopment)::addTo);
      }
      front = Optional.of(new ApiFront(api, config.api()));
      listen(front.get());
    }
    List<DnsServer> names = dns(registry, random);
    names.forEach(metrics::follow);
    reloading = Optional.of(new Reloading(reading, sources, definitions, front, names, file));
    // Last: a start that fails must not touch the file of the server that runs already.
    if (config.pidFile().isPresent()) {
      keep("pid file", PidFile.write(config.pidFile().get(), ProcessHandle.current().pid()));
    }
    LOG.info("{} is ready, node {}", server.nodeId(), server.nodeName());
  }

  /// Tells the balancer what is where, from the registry and from a file if there is one.
  private Optional<ConfigurationFile> feed(Registry registry, Optional<Table> table)
      throws IOException {
    if (table.isEmpty()) {
      return Optional.empty();
    }
    keep("endpoints", RegistryFeed.start(registry, table.get()));
    Optional<Path> path = config.balancing().file();
    return path.isEmpty()
        ? Optional.empty()
        : Optional.of(keep("balancer's file", follow(path.get(), table.get())));
  }

  private String firstClientAddress() {
    return config.listening().client().getFirst();
  }

  private void define(LocalDefinitions definitions) throws IOException {
    List<String> problems = definitions.apply(config.definitions());
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems));
    }
  }

  private void listen(Handler api) throws IOException {
    if (config.ports().http() >= 0) {
      for (String address : config.listening().http()) {
        HttpServer http = http(address, config.ports().http(), Optional.empty(), api);
        int port = address.startsWith("unix://") ? 0 : http.address().getPort();
        httpPort = httpPort < 0 ? port : httpPort;
        log("HTTP API", address, port);
      }
    }
    if (config.ports().https() >= 0) {
      for (String address : config.listening().https()) {
        HttpServer https = http(address, config.ports().https(), config.api().tls(), api);
        log("HTTPS API", address, address.startsWith("unix://") ? 0 : https.address().getPort());
      }
    }
  }

  private static void log(String what, String address, int port) {
    if (address.startsWith("unix://")) {
      LOG.info("{} on {}", what, address);
    } else {
      LOG.info("{} on {}:{}", what, address, port);
    }
  }

  private Surroundings surroundings(DataFolder folder, Metrics metrics) {
    return new Surroundings(
        new ServerMetrics(metrics),
        keep("log followers", LogFollowers.attach()),
        () -> MachineFacts.of(folder.path()),
        this::reload,
        this::leave);
  }

  private boolean leave() {
    Optional<Runnable> action = onLeave;
    action.ifPresent(
        it -> {
          LOG.info("asked to leave");
          it.run();
        });
    return action.isPresent();
  }

  /// Lets a request stop this server: the action begins to stop the program, and returns at once.
  /// Until it is set, such requests are refused.
  public void onLeave(Runnable action) {
    onLeave = Optional.of(action);
  }

  private Registry registry(DataFolder folder) throws IOException {
    int port = config.ports().server();
    String host = port < 0 ? LOOPBACK : HostAddress.reachable(config.listening().bind());
    RaftConfig raft =
        RaftConfig.in(folder.consensus())
            .withName(config.identity().nodeName())
            .withAddress(host, Math.max(0, port));
    ConsensusConfig consensus = ConsensusConfig.defaults().withOnFailure(onFailure);
    try {
      return Registry.start(new RatisEngine(raft), consensus);
    } catch (IOException e) {
      if (!isAboutListening(e)) {
        throw e;
      }
      var address = new InetSocketAddress(host, Math.max(0, port));
      throw cannotListen("the server", address, e, "-bind", "-server-port");
    }
  }

  private static boolean isAboutListening(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (("" + cause.getMessage()).contains("bind(..) failed") || cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  private Server server(DataFolder folder, Registry registry) throws IOException {
    int port = registry.standing().leaderAddress().map(Agent::portOf).orElse(0);
    String address = config.listening().advertised().orElse(config.listening().bind());
    return new Server(
        config.identity().nodeName(),
        folder.nodeId(),
        config.identity().datacenter(),
        HostAddress.reachable(address),
        config.ports().server() > 0 ? config.ports().server() : port,
        version,
        config.isDevelopment(),
        config.api().sessionTtlMin());
  }

  private static int portOf(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private Optional<Balancer> balancer(DataFolder folder) {
    int port = config.ports().balancer();
    if (port < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Balancer.start(
              BalancerConfig.defaults()
                  .withListen(firstClientAddress(), port)
                  .withThreads(config.balancing().threads())
                  .with(config.telemetry())
                  .withSessionKey(sessionKey(folder)),
              MachineFacts.ofRequests()));
    } catch (IllegalStateException e) {
      var address = new InetSocketAddress(firstClientAddress(), port);
      IOException told = cannotListen("the balancer", address, e, "-client", "-balancer-port");
      throw new UncheckedIOException(told.getMessage(), told);
    }
  }

  // What is wrong with the folder is said best by the engine, which opens it meanwhile.
  private static SessionKey sessionKey(DataFolder folder) {
    var random = new SecureRandom();
    try {
      return SessionKey.of(folder.sessionKey(random));
    } catch (IOException e) {
      LOG.debug("session cookies hold until the next start only: {}", e.toString());
      return SessionKey.random(random);
    }
  }

  private ConfigurationFile follow(Path file, Table table) throws IOException {
    return NginxConfiguration.follow(file, config.identity().nodeName(), table);
  }

  private Table table(Balancer balancer, RandomGenerator random) {
    AgentConfig.Balancing how = config.balancing();
    var settings =
        new TableSettings(
            config.identity().datacenter(),
            firstClientAddress(),
            how.takesWarned(),
            how.drain(),
            how.lossPercentMax(),
            how.kept());
    return keep("table", Table.start(balancer, settings, System::nanoTime, random));
  }

  private HttpServer http(String address, int port, Optional<HttpTls> tls, Handler api)
      throws IOException {
    HttpLimits limits =
        HttpLimits.defaults().withConnectionsPerClient(config.api().connectionsPerClient());
    boolean isUnix = address.startsWith("unix://");
    SocketAddress listen =
        isUnix
            ? UnixDomainSocketAddress.of(address.substring("unix://".length()))
            : new InetSocketAddress(address, port);
    HttpConfig plain = HttpConfig.on(listen).with(limits);
    try {
      HttpServer server =
          keep("HTTP API", HttpServer.start(tls.map(plain::with).orElse(plain), api));
      if (listen instanceof UnixDomainSocketAddress socket
          && config.listening().socketMode().isPresent()) {
        Files.setPosixFilePermissions(socket.getPath(), config.listening().socketMode().get());
      }
      return server;
    } catch (IOException e) {
      if (isUnix) {
        throw new IOException(
            "the HTTP API cannot listen on %s: %s".formatted(address, e.getMessage()), e);
      }
      var at = new InetSocketAddress(address, port);
      throw cannotListen(
          "the HTTP API", at, e, "-client", tls.isPresent() ? "-https-port" : "-http-port");
    }
  }

  private List<DnsServer> dns(Registry registry, RandomGenerator random) throws IOException {
    List<DnsServer> servers = new ArrayList<>();
    if (config.ports().dns() < 0) {
      return servers;
    }
    PreparedQueries queries = new DnsQueries(config.identity().nodeName(), random);
    for (String ip : config.listening().dns()) {
      var address = new InetSocketAddress(ip, config.ports().dns());
      try {
        DnsServer dns =
            DnsServer.start(
                config.dns(),
                address,
                registry,
                queries,
                InstantSource.system(),
                System::nanoTime,
                random);
        servers.add(keep("DNS", dns));
        LOG.info("DNS on {}:{}", ip, dns.address().getPort());
      } catch (IOException e) {
        throw cannotListen("DNS", address, e, "-client", "-dns-port");
      }
    }
    return servers;
  }

  /// What is in the way, and which flags lead around it.
  private static IOException cannotListen(
      String what, InetSocketAddress at, Exception failure, String addressFlag, String portFlag) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    // Netty: bind(..) failed with error(-98): Address already in use
    String reason = ("" + root.getMessage()).replaceFirst("^.*failed with error\\(-?\\d+\\): ", "");
    String advice =
        reason.contains("in use")
            ? "End what listens there, or choose another port with " + portFlag
            : "Choose another address with %s, or another port with %s"
                .formatted(addressFlag, portFlag);
    return new IOException(
        "%s cannot listen on %s:%d: %s. %s."
            .formatted(what, at.getHostString(), at.getPort(), reason, advice),
        failure);
  }

  private <T extends AutoCloseable> T keep(String name, T part) {
    started.push(new Part(name, part));
    return part;
  }

  /// Stops taking requests, lets those that are being passed on finish, then stops the rest.
  @Override
  public void close() {
    while (!started.isEmpty()) {
      Part part = started.pop();
      try {
        part.part().close();
      } catch (Exception e) {
        LOG.warn("{} did not stop cleanly: {}", part.name(), e.toString());
      }
    }
  }

  /// A part that starts on a thread of its own.
  private static final class Eventually<T> {
    private final Thread thread;
    private volatile Supplier<T> outcome;

    private Eventually(String name, Supplier<T> start) {
      outcome =
          () -> {
            throw new IllegalStateException(name + " did not start");
          };
      thread =
          Thread.ofPlatform()
              .name("start-" + name)
              .start(
                  () -> {
                    try {
                      T part = start.get();
                      outcome = () -> part;
                    } catch (RuntimeException e) {
                      outcome =
                          () -> {
                            throw e;
                          };
                    }
                  });
    }

    static <T> Eventually<T> of(String name, Supplier<T> start) {
      return new Eventually<>(name, start);
    }

    T get() {
      boolean interrupted = false;
      while (true) {
        try {
          thread.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return outcome.get();
    }
  }
}
