package dev.muster.demo;

import java.io.PrintStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// Starts the whole sample system on this machine, and shows or checks it.
public final class Demo {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final DemoConfig config;
  private final PrintStream out;
  private final LogFollower logs;
  private final HttpClient http;

  public Demo(DemoConfig config, PrintStream out) {
    this.config = config;
    this.out = out;
    this.logs = new LogFollower(out, config.isColored());
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  /// Starts everything, says what runs where, follows the logs until the thread is interrupted, and
  /// stops everything.
  ///
  /// @throws DemoFailed if something does not start
  public void follow() throws InterruptedException {
    out.println("Starting the sample system.");
    try (var system = new SampleSystem(config, out, logs, http)) {
      system.start();
      show(system);
      logs.show();
      new CountDownLatch(1).await();
    } finally {
      out.println("Stopped.");
    }
  }

  /// Starts everything, runs the trial, prints its table, and stops everything.
  ///
  /// @return whether no request failed and every acknowledged write was read back
  /// @throws DemoFailed if something does not start
  public boolean check() throws InterruptedException {
    out.println("Starting the sample system.");
    try (var system = new SampleSystem(config, out, logs, http)) {
      system.start();
      out.println("Creating, reading and updating over 16 connections; kill -9 half-way.");
      Trial.Report report = new Trial(system, http).run();
      print(report);
      return report.isGood();
    }
  }

  private void show(SampleSystem system) {
    out.println();
    out.printf("%-10s %-8s %-17s %s%n", "NAME", "PROCESS", "ADDRESS", "WHAT");
    for (SampleSystem.Row row : system.table()) {
      out.printf("%-10s %-8s %-17s %s%n", row.name(), row.process(), row.address(), row.what());
    }
    String balancer = "localhost:" + system.balancerPort();
    List<String> commands =
        List.of(
            "curl -H 'Content-Type: application/json' -d"
                + " '{\"user_id\":\"1\",\"user_info\":{\"name\":\"Ada\"}}' "
                + balancer
                + "/users",
            "curl -i " + balancer + "/users/1",
            "kill -9 "
                + system.process("user-1").pid()
                + "    # then ask again: the other instance answers");
    out.println();
    out.println("Try, in another terminal:");
    commands.forEach(command -> out.println("  " + command));
    out.println();
    out.println("Logs follow; Ctrl-C stops everything.");
    out.println();
  }

  private void print(Trial.Report report) {
    out.println();
    out.printf(
        "%-14s %9s %9s %7s   %-28s %s%n",
        "SERVICE", "REQUESTS", "REPEATED", "FAILED", "SERVED BY", "ABSENT AFTER KILL -9");
    for (Map.Entry<DemoConfig.Sample, Tally> entry : report.tallies().entrySet()) {
      Tally tally = entry.getValue();
      Duration absent = report.absentAfter().getOrDefault(entry.getKey(), Duration.ZERO);
      out.printf(
          "%-14s %9d %9d %7d   %-28s %.2f s%n",
          entry.getKey().service(),
          tally.requests(),
          tally.repeats(),
          tally.failures(),
          served(tally),
          absent.toMillis() / 1000.0);
    }
    out.println();
    out.printf("Retried by the balancer: %d requests.%n", report.balancerRetries());
    out.printf("Acknowledged writes not read back: %d.%n", report.wrongReads());
    for (Tally tally : report.tallies().values()) {
      if (!tally.firstFailure().isEmpty()) {
        out.println("First failure: " + tally.firstFailure());
      }
    }
    out.println(report.isGood() ? "PASSED" : "FAILED");
  }

  private static String served(Tally tally) {
    StringBuilder text = new StringBuilder();
    tally
        .servedByInstance()
        .forEach(
            (instance, count) -> text.append(instance).append(": ").append(count).append("  "));
    return text.toString().strip();
  }
}
