package dev.muster.cli;

import dev.muster.agent.Logging;
import dev.muster.agent.StandaloneBalancer;
import dev.muster.agent.StartFailed;
import dev.muster.agent.config.AgentConfig;
import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Terminal;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `balancer`.
@Command(
    description = "Run a balancer alone, in front of what a registry with Consul's API knows.",
    footer = {
      "",
      "Examples:",
      "  muster balancer -http-addr=consul.example:8500 -port=80 -address=0.0.0.0",
      "  muster balancer -config=nginx.conf"
    })
final class BalancerCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(names = "-address", paramLabel = "IP", description = "Listens here (127.0.0.1).")
  private String address = "127.0.0.1";

  @Option(names = "-port", paramLabel = "N", description = "Requests to services (8080).")
  private int port = 8080;

  @Option(names = "-threads", paramLabel = "N", description = "Event loops (the processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "-config",
      paramLabel = "FILE",
      description = "A file in nginx's language to serve beside the registry's routes.")
  private @Nullable Path file;

  @Option(names = "-dc", paramLabel = "NAME", description = "The datacenter of the registry (dc1).")
  private String datacenter = "dc1";

  private final Terminal terminal;

  BalancerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.configure(new AgentConfig.Log("info", false));
    var stop = new CountDownLatch(1);
    terminal.stopRequests().onStop(stop::countDown);
    var settings =
        new StandaloneBalancer.Settings(
            address,
            port,
            threads,
            Optional.ofNullable(file),
            hostName(),
            datacenter,
            URI.create(agent.base(terminal)),
            agent.token(terminal));
    try (StandaloneBalancer balancer = StandaloneBalancer.start(settings)) {
      ReloadRequest.onSignal(balancer::reload);
      stop.await();
    } catch (StartFailed e) {
      throw new CommandFailed(e.report());
    }
    return Terminal.OK;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
