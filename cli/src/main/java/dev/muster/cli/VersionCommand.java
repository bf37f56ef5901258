package dev.muster.cli;

import dev.muster.consul.serving.Server;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `version`.
@Command(
    description = "Print the version.",
    footer = {"", "Example:", "  muster version"})
final class VersionCommand implements Callable<Integer> {
  private final Program program;

  VersionCommand(Program program) {
    this.program = program;
  }

  /// Tools that look for Consul want its name first.
  @Override
  public Integer call() {
    if (program.name().equals("consul")) {
      program.out().println("Consul v" + Server.CONSUL_VERSION);
      program.out().println("Muster v" + Program.version() + ", which speaks its API");
    } else {
      program.out().println("Muster v" + Program.version());
      program.out().println("Speaks the API of Consul v" + Server.CONSUL_VERSION);
    }
    return Program.OK;
  }
}
