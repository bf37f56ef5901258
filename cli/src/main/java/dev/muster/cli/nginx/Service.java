package dev.muster.cli.nginx;

import dev.muster.balancer.Balancer;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.BalancerConfig.Limits;
import dev.muster.balancer.proxy.CannotListen;
import dev.muster.balancer.request.Surroundings;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.nginx.ErrorLog.Severity;
import dev.muster.nginx.NginxFile;
import dev.muster.nginx.Settings;
import dev.muster.nginx.language.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// The balancer as a process of its own: starts, does what signals say, stops.
final class Service {
  /// How long requests may take to finish unless the configuration says it: as good as for ever.
  private static final Duration PATIENCE = Duration.ofDays(1);

  private static final int THREADS_MAX = 1024;

  private final Terminal terminal;
  private final Invocation invocation;
  private final Layout layout;
  private final NginxProgram.Host host;
  private final List<String> arguments;
  private final ErrorLog log;
  private final long pid = ProcessHandle.current().pid();

  /// Signals as they come; empty when everything is closed.
  private final BlockingQueue<Optional<Signals>> events = new LinkedBlockingQueue<>();

  private Settings settings;
  private Path pidFile;

  Service(
      Terminal terminal,
      Invocation invocation,
      Layout layout,
      NginxProgram.Host host,
      List<String> arguments,
      Settings settings) {
    this.terminal = terminal;
    this.invocation = invocation;
    this.layout = layout;
    this.host = host;
    this.arguments = arguments;
    this.settings = settings;
    this.pidFile = layout.pidFile(settings);
    this.log = new ErrorLog(layout, terminal.err(), pid);
  }

  /// Serves until it is told to stop; returns the exit code.
  int run(NginxFile first, Daemon daemon) throws IOException, InterruptedException {
    log.open(settings.errorLogs());
    log.attach();
    first.warnings().forEach(problem -> log.write(Severity.WARN, problem.text()));
    Balancer balancer;
    try {
      balancer = Balancer.start(config(settings), surroundings(), Successor.inheritance(terminal));
      balancer.apply(first.configuration());
    } catch (IllegalStateException e) {
      log.write(Severity.EMERG, reason(e));
      terminal.err().println("nginx: [emerg] " + reason(e));
      return Terminal.FAILED;
    }
    Signals.hear(host.hasSignals(), terminal.err(), signal -> events.add(Optional.of(signal)));
    if (!host.hasSignals()) {
      terminal.stopRequests().onStop(() -> events.add(Optional.of(Signals.TERM)));
    }
    PidFile.write(pidFile, pid);
    log.write(Severity.NOTICE, "serving, with the configuration " + layout.file());
    daemon.ready();
    obey(balancer);
    PidFile.remove(pidFile, pid);
    PidFile.remove(Layout.oldPidFile(pidFile), pid);
    log.write(Severity.NOTICE, "exit");
    return Terminal.OK;
  }

  private Surroundings surroundings() {
    return new Surroundings(
        InstantSource.system(),
        ZoneId.systemDefault(),
        new SecureRandom(),
        NginxProgram.hostname(),
        pid);
  }

  private static BalancerConfig config(Settings settings) {
    int threads =
        Math.clamp(
            settings.workers().orElse(Runtime.getRuntime().availableProcessors()), 1, THREADS_MAX);
    Limits limits = Limits.defaults();
    return BalancerConfig.defaults()
        .withListen("127.0.0.1", -1)
        .withThreads(threads)
        .withLimits(limits)
        .withBareLf();
  }

  private void obey(Balancer balancer) throws InterruptedException {
    for (Optional<Signals> event = events.take(); event.isPresent(); event = events.take()) {
      Signals signal = event.get();
      log.write(Severity.NOTICE, "signal SIG" + signal.name() + " received");
      switch (signal) {
        case HUP -> reload(balancer);
        case USR1 -> reopen(balancer);
        case USR2 -> upgrade(balancer);
        case QUIT -> stop(balancer, settings.shutdownTimeout().orElse(PATIENCE));
        case TERM, INT -> {
          stop(balancer, Duration.ZERO);
          return;
        }
      }
    }
  }

  /// Closes beside the signals, so that a second one may cut it short.
  private void stop(Balancer balancer, Duration patience) throws InterruptedException {
    Thread closing =
        Thread.ofPlatform()
            .daemon()
            .name("stop")
            .start(
                () -> {
                  balancer.close(patience);
                  events.add(Optional.empty());
                });
    if (patience.isZero()) {
      closing.join();
    }
  }

  private void reload(Balancer balancer) {
    NginxFile read = NginxProgram.read(invocation, layout);
    for (Problem problem : read.warnings()) {
      log.write(Severity.WARN, problem.text());
    }
    for (Problem problem : read.errors()) {
      log.write(Severity.EMERG, problem.text());
    }
    if (!read.isValid()) {
      log.write(Severity.ERROR, "the configuration stays as it was");
      return;
    }
    try {
      log.open(read.settings().errorLogs());
      balancer.apply(read.configuration());
      Path wanted = layout.pidFile(read.settings());
      if (!wanted.equals(pidFile)) {
        PidFile.write(wanted, pid);
        PidFile.remove(pidFile, pid);
        pidFile = wanted;
      }
      settings = read.settings();
      log.write(Severity.NOTICE, "reconfigured");
    } catch (IllegalStateException e) {
      log.write(Severity.EMERG, reason(e));
      log.write(Severity.ERROR, "the configuration stays as it was");
    } catch (IOException e) {
      log.write(Severity.EMERG, NginxProgram.reason(e));
    }
  }

  /// In nginx's words, as far as those who look for them look for an address in use.
  private static String reason(IllegalStateException e) {
    if (!(e instanceof CannotListen failed)) {
      return "" + e.getMessage();
    }
    String cause = "" + failed.getCause();
    return "bind() to %s failed (%s)"
        .formatted(
            failed.socket(),
            cause.contains("in use")
                ? "98: Address already in use"
                : cause.contains("ermission") ? "13: Permission denied" : cause);
  }

  private void reopen(Balancer balancer) {
    try {
      log.reopen();
      balancer.reopenLogs();
    } catch (IOException e) {
      log.write(Severity.EMERG, NginxProgram.reason(e));
    }
  }

  private void upgrade(Balancer balancer) {
    try {
      Optional<Process> started =
          Successor.start(
              host.launcher(),
              arguments,
              pidFile,
              balancer,
              () -> log.write(Severity.ALERT, "the successor has ended"));
      log.write(
          Severity.NOTICE,
          started
              .map(process -> "started a successor, process " + process.pid())
              .orElse("there is a successor already"));
    } catch (IOException e) {
      log.write(Severity.ALERT, "no successor is started: " + NginxProgram.reason(e));
    }
  }
}
