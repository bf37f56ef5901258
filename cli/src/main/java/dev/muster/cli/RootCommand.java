package dev.muster.cli;

import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What is printed when no command is named.
@Command(
    description =
        "Service registry with Consul's API, load balancer and replicated store in one program.",
    footer = {
      "",
      "Examples:",
      "  muster demo                    the whole sample system, on this machine",
      "  muster agent -dev              a server that keeps nothing",
      "  muster register -name web -port 5000",
      "  muster catalog services"
    })
final class RootCommand implements Callable<Integer> {
  @Option(
      names = {"-version", "--version", "-v"},
      description = "Print the version.")
  private boolean wantsVersion;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  RootCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (wantsVersion) {
      return new VersionCommand(terminal).call();
    }
    spec.commandLine().usage(terminal.out());
    return Terminal.FAILED;
  }
}
