package dev.muster.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that only holds others.
@Command
public final class Group implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;
  private final CommandLine line;

  /// @param description one sentence on what its commands do
  /// @param example one of them, as it is typed behind the program's name
  public Group(Terminal terminal, String description, String example) {
    this.terminal = terminal;
    line = new CommandLine(this);
    line.getCommandSpec()
        .usageMessage()
        .description(description)
        .footer("", "Example:", "  muster " + example);
  }

  /// Adds a command, or a group of them.
  public Group with(String name, Object command) {
    line.addSubcommand(name, command);
    return this;
  }

  /// The command line of this group, to be added to the one above.
  public CommandLine line() {
    return line;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(terminal.out());
    return Terminal.FAILED;
  }
}
