package dev.muster.cli;

import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `manual`.
@Command(
    description = "Print the reference of all commands, in Markdown.",
    footer = {"", "Example:", "  muster manual > docs/commands.md"})
final class ManualCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  ManualCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().print(Manual.of(spec.root().commandLine()));
    return Terminal.OK;
  }
}
