package dev.muster.cli.cluster;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Stoppable;
import dev.muster.cli.command.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `monitor`.
@Command(
    description = "Print what the agent logs from now on, until it is stopped.",
    footer = {"", "Examples:", "  muster monitor", "  muster monitor -log-level=debug -log-json"})
final class MonitorCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(
      names = "-log-level",
      paramLabel = "LEVEL",
      description = "What matters: trace, debug, info, warn or err (info).")
  private String level = "info";

  @Option(names = "-log-json", description = "Print one JSON object a line.")
  private boolean isJson;

  private final Terminal terminal;

  MonitorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Endpoint endpoint =
        Endpoint.of("agent/monitor").with("loglevel", level).withIf(isJson, "logjson=true");
    return Stoppable.run(
        terminal,
        Terminal.OK,
        () ->
            agent.client(terminal).stream(endpoint, "starting monitor", Duration.ZERO, this::copy));
  }

  /// Prints what has come, at once.
  private int copy(InputStream logs, long index) throws IOException {
    byte[] buffer = new byte[8192];
    for (int count = logs.read(buffer); count >= 0; count = logs.read(buffer)) {
      terminal.out().write(buffer, 0, count);
      terminal.out().flush();
    }
    terminal.err().println("The agent ended the stream: it stops, or its connection was cut.");
    return Terminal.FAILED;
  }
}
