package dev.muster.health.probe;

import dev.muster.registry.catalog.Probe;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// Runs probes. What a target does, however odd, is a result, never an exception. Thread-safe.
public final class Prober {
  private static final Path SYSTEMCTL = Path.of("/usr/bin/systemctl");
  private static final int SYSTEMCTL_OUTPUT_MAX = 1024;

  /// A longer timeout counts only if the interval is longer, too.
  private static final Duration TIMEOUT_USEFUL = Duration.ofMinutes(1);

  private static final Duration TIMEOUT_MAX = Duration.ofMinutes(10);

  private final ScheduledExecutorService timers;
  private final ScriptChecks scripts;
  private final HttpProbe http;
  private final SocketProbes sockets;
  private final Http2Probes http2;
  private final ScriptProbe script = new ScriptProbe();

  /// @param timers ends the time of probes; what it runs is short
  /// @param trusted knows which certificates to trust; asked when TLS is first needed, because
  ///     reading them takes its time
  public Prober(
      ScheduledExecutorService timers, Supplier<SSLContext> trusted, ScriptChecks scripts) {
    this.timers = timers;
    this.scripts = scripts;
    var dialer = new Dialer(trusted, new Names(InetAddress::getAllByName));
    http = new HttpProbe(dialer);
    sockets = new SocketProbes(dialer);
    http2 = new Http2Probes(dialer);
  }

  /// Looks once, within the probe's timeout. Blocks; an interrupt ends the look if it comes on a
  /// virtual thread.
  public Result run(Probe.Periodic probe) throws InterruptedException {
    return switch (probe) {
      case Probe.Http it -> within(it, deadline -> http.run(it, deadline));
      case Probe.Tcp it -> within(it, deadline -> sockets.tcp(it, deadline));
      case Probe.Udp it -> within(it, deadline -> sockets.udp(it, deadline));
      case Probe.Grpc it -> within(it, deadline -> http2.grpc(it, deadline));
      case Probe.H2Ping it -> within(it, deadline -> http2.ping(it, deadline));
      case Probe.Script it -> script(it);
      case Probe.OsService it -> osService(it);
    };
  }

  private Result within(Probe.Periodic probe, Function<Deadline, Result> look) {
    try (Deadline deadline = Deadline.in(timeout(probe.rhythm()), timers)) {
      return look.apply(deadline);
    }
  }

  private Result script(Probe.Script probe) throws InterruptedException {
    String refusal = scripts.refusal(probe.isFromFile());
    return refusal.isEmpty()
        ? script.run(probe.args(), timeout(probe.rhythm()), outputBytes(probe.outputBytesMax()))
        : Result.critical(refusal);
  }

  private Result osService(Probe.OsService probe) throws InterruptedException {
    if (!Files.isExecutable(SYSTEMCTL)) {
      return Result.critical(
          "OS service %s: there is no systemd on this server (%s is missing)"
              .formatted(probe.name(), SYSTEMCTL));
    }
    List<String> command = List.of(SYSTEMCTL.toString(), "is-active", "--", probe.name());
    try {
      ScriptProbe.Ending ending =
          script.end(command, timeout(probe.rhythm()), SYSTEMCTL_OUTPUT_MAX);
      String said = "OS service " + probe.name() + ": " + ending.output().strip();
      return switch (ending.exit()) {
        case 0 -> Result.passing(said);
        case -1 -> Result.critical("OS service " + probe.name() + ": systemctl does not answer");
        default -> Result.critical(said);
      };
    } catch (IOException e) {
      return Result.critical("OS service " + probe.name() + ": " + Reasons.of(e));
    }
  }

  /// As it was defined, but no longer than makes sense: a look that waits for a day is of no use to
  /// its own check, and holds a permit that others need.
  static Duration timeout(Probe.Rhythm rhythm) {
    Duration useful =
        rhythm.interval().compareTo(TIMEOUT_USEFUL) < 0 ? TIMEOUT_USEFUL : rhythm.interval();
    Duration most = useful.compareTo(TIMEOUT_MAX) > 0 ? TIMEOUT_MAX : useful;
    return rhythm.timeout().compareTo(most) > 0 ? most : rhythm.timeout();
  }

  static int outputBytes(int wanted) {
    return wanted > 0 && wanted < Probe.OUTPUT_BYTES_MAX ? wanted : Probe.OUTPUT_BYTES_MAX;
  }
}
