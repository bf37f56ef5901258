package dev.muster.cli.cluster;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.GoDuration;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `drain`.
@Command(
    description =
        "Let an instance finish what it does: no new requests, bound sessions until a deadline.",
    footer = {
      "",
      "Examples:",
      "  muster drain web-1",
      "  muster drain -deadline=30s -reason='new version' web-1",
      "  muster drain -undo web-1"
    })
final class DrainCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(
      names = "-deadline",
      paramLabel = "DURATION",
      description = "How long sessions may stay (the server's balancer.drain_deadline).")
  private String deadline = "";

  @Option(
      names = "-reason",
      paramLabel = "TEXT",
      description = "For people who find it out of traffic.")
  private String reason = "";

  @Option(names = "-undo", description = "Take it back into traffic.")
  private boolean undo;

  @Parameters(paramLabel = "SERVICE-ID", description = "The instance's id.")
  private String id = "";

  private final Terminal terminal;

  DrainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (undo && !(deadline.isEmpty() && reason.isEmpty())) {
      throw new CommandFailed("-deadline and -reason say how to drain; they do not go with -undo");
    }
    Endpoint endpoint =
        Endpoint.of("agent/service/maintenance", id)
            .with("enable", Boolean.toString(!undo))
            .withAny("reason", undo ? "" : told());
    agent.client(terminal).put(endpoint).orFail(undo ? "ending the drain" : "draining");
    terminal.print(
        undo
            ? "\"" + id + "\" takes requests again"
            : "\"" + id + "\" is draining: it gets no new requests");
    return Terminal.OK;
  }

  private long seconds() {
    try {
      return GoDuration.parse(deadline).toSeconds();
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("-deadline: " + e.getMessage());
    }
  }

  /// What the balancer reads the deadline from.
  private String told() {
    StringBuilder told = new StringBuilder("draining");
    if (!deadline.isEmpty()) {
      told.append(" for ").append(seconds()).append('s');
    }
    return (reason.isEmpty() ? told : told.append(": ").append(reason)).toString();
  }
}
