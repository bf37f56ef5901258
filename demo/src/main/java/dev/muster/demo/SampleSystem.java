package dev.muster.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sample as processes: PostgreSQL, one agent, two instances of each service. Started by one
/// thread; closing it stops everything in the opposite order.
final class SampleSystem implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofMinutes(2);
  private static final Pattern HTTP = Pattern.compile("HTTP API on .*:(\\d+)$");
  private static final Pattern BALANCER = Pattern.compile("balancer on .*:(\\d+)$");
  private static final int INSTANCES = 2;

  private final DemoConfig config;
  private final PrintStream out;
  private final LogFollower logs;
  private final HttpClient http;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final List<ChildProcess> processes = new ArrayList<>();
  private final List<Row> table = new ArrayList<>();
  private int httpPort;
  private int balancerPort;

  SampleSystem(DemoConfig config, PrintStream out, LogFollower logs, HttpClient http) {
    this.config = config;
    this.out = out;
    this.logs = logs;
    this.http = http;
  }

  /// A line of the table of what runs where.
  record Row(String name, String process, String address, String what) {}

  void start() throws InterruptedException {
    requireBuilt();
    long begin = System.nanoTime();
    CompletableFuture<Database> database =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Database.start(config.home());
              } catch (IOException | IllegalStateException e) {
                throw new DemoFailed("PostgreSQL does not start: " + e.getMessage());
              }
            });
    try {
      startAgent();
      progress(begin, "agent answers on port " + httpPort + ", balancer on port " + balancerPort);
    } finally {
      keepDatabase(database);
    }
    Database running = database.join();
    progress(begin, "PostgreSQL answers on port " + running.port());
    table.add(new Row("postgres", "", "127.0.0.1:" + running.port(), "databases users, orders"));
    for (DemoConfig.Sample sample : DemoConfig.SAMPLES) {
      for (int i = 1; i <= INSTANCES; i++) {
        startService(sample, sample.kind() + "-" + i, running.url(sample));
      }
    }
    for (DemoConfig.Sample sample : DemoConfig.SAMPLES) {
      awaitService(sample);
      progress(begin, sample.service() + ": " + INSTANCES + " instances pass their checks");
    }
  }

  private void keepDatabase(CompletableFuture<Database> database) {
    try {
      // Below everything else, so that it stops last.
      started.addLast(database.get());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof DemoFailed failed ? failed : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      started.addLast(database.join());
    }
  }

  private void progress(long beginNanos, String text) {
    out.printf("  %5.1f s  %s%n", (System.nanoTime() - beginNanos) / 1e9, text);
  }

  private void requireBuilt() {
    for (DemoConfig.Sample sample : DemoConfig.SAMPLES) {
      if (!Files.exists(jar(sample))) {
        throw new DemoFailed(
            "%s is not built: %s is missing; run 'mvn package' in %s"
                .formatted(sample.service(), jar(sample), config.home()));
      }
    }
  }

  private Path app(DemoConfig.Sample sample) {
    return config.home().resolve(Path.of("services", sample.kind(), "target", "app"));
  }

  private Path jar(DemoConfig.Sample sample) {
    return app(sample).resolve(sample.service() + ".jar");
  }

  private void startAgent() throws InterruptedException {
    CompletableFuture<Integer> httpReady = new CompletableFuture<>();
    CompletableFuture<Integer> balancerReady = new CompletableFuture<>();
    ChildProcess agent =
        launch(
            "agent",
            List.of(
                config.home().resolve("muster").toString(),
                "agent",
                "-dev",
                "-http-port=" + config.httpPort(),
                "-dns-port=" + config.dnsPort(),
                "-balancer-port=" + config.balancerPort(),
                "-server-port=0"),
            line -> {
              complete(httpReady, HTTP, line);
              complete(balancerReady, BALANCER, line);
              if (line.startsWith("-- ended")) {
                httpReady.completeExceptionally(new DemoFailed("it ended"));
                balancerReady.completeExceptionally(new DemoFailed("it ended"));
              }
            });
    httpPort = await(agent, httpReady);
    balancerPort = await(agent, balancerReady);
    String pid = Long.toString(agent.pid());
    table.add(new Row("agent", pid, "127.0.0.1:" + httpPort, "registry, Consul's HTTP API"));
    table.add(new Row("", "", "127.0.0.1:" + balancerPort, "balancer: /users, /orders"));
  }

  private static void complete(CompletableFuture<Integer> port, Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    if (matcher.find()) {
      port.complete(Integer.parseInt(matcher.group(1)));
    }
  }

  private int await(ChildProcess process, CompletableFuture<Integer> port)
      throws InterruptedException {
    try {
      return port.get(START_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new DemoFailed(
          process.name() + " does not start. It said:\n" + logs.tailOf(process.name()));
    }
  }

  private void startService(DemoConfig.Sample sample, String id, String url) {
    List<String> command = new ArrayList<>();
    command.add(config.java().toString());
    Path cache = app(sample).resolve(sample.service() + ".aot");
    if (Files.exists(cache)) {
      command.add("-XX:AOTCache=" + cache);
    }
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-jar",
            jar(sample).toString(),
            "--server.port=0",
            "--spring.datasource.url=" + url,
            "--spring.cloud.consul.host=127.0.0.1",
            "--spring.cloud.consul.port=" + httpPort,
            "--spring.cloud.consul.discovery.instance-id=" + id,
            "--spring.cloud.consul.discovery.ip-address=127.0.0.1",
            "--spring.cloud.consul.discovery.health-check-interval=1s"));
    launch(id, command, _ -> {});
  }

  private ChildProcess launch(
      String name, List<String> command, java.util.function.Consumer<String> onLine) {
    try {
      // The program is built and running: what it starts must not build again.
      Map<String, String> environment = Map.of("MUSTER_NO_BUILD", "1");
      ChildProcess process = ChildProcess.start(name, command, environment, logs, onLine);
      started.addFirst(process);
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new DemoFailed(name + " cannot be started: " + e.getMessage());
    }
  }

  private void awaitService(DemoConfig.Sample sample) throws InterruptedException {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    AgentApi.Passing passing = new AgentApi.Passing(0, List.of());
    try {
      while (passing.instances().size() < INSTANCES) {
        requireAlive(sample);
        if (System.nanoTime() > deadline) {
          throw new DemoFailed(
              "%s: %d of %d instances pass their checks after %d s. The first said:\n%s"
                  .formatted(
                      sample.service(),
                      passing.instances().size(),
                      INSTANCES,
                      START_MAX.toSeconds(),
                      logs.tailOf(sample.kind() + "-1")));
        }
        passing = api().passing(sample.service(), passing.index(), Duration.ofSeconds(1));
      }
    } catch (IOException e) {
      throw new DemoFailed("the agent does not answer: " + e.getMessage());
    }
    for (AgentApi.Instance instance : passing.instances()) {
      long pid = process(instance.id()).pid();
      String address = "127.0.0.1:" + instance.port();
      table.add(new Row(instance.id(), Long.toString(pid), address, sample.service()));
    }
  }

  private void requireAlive(DemoConfig.Sample sample) {
    for (ChildProcess process : processes) {
      if (process.name().startsWith(sample.kind()) && !process.isAlive()) {
        throw new DemoFailed(process.name() + " ended. It said:\n" + logs.tailOf(process.name()));
      }
    }
  }

  ChildProcess process(String name) {
    return processes.stream()
        .filter(process -> process.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new DemoFailed("no process is named " + name));
  }

  AgentApi api() {
    return new AgentApi(http, httpPort);
  }

  int httpPort() {
    return httpPort;
  }

  int balancerPort() {
    return balancerPort;
  }

  List<Row> table() {
    return table;
  }

  @Override
  public void close() {
    if (!started.isEmpty()) {
      out.println();
      out.println("Stopping: services, agent, PostgreSQL.");
    }
    // All services at once, so that their times to finish do not add up; then in order.
    for (ChildProcess process : processes) {
      if (!process.name().equals("agent")) {
        process.terminate();
      }
    }
    while (!started.isEmpty()) {
      try {
        started.removeFirst().close();
      } catch (Exception e) {
        out.println(e.getMessage());
      }
    }
  }
}
