package dev.muster.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Makes the options of every command what Consul's users type: each also with two dashes, and
/// `-help` everywhere.
final class Flags {
  private Flags() {}

  static void complete(CommandLine line) {
    CommandSpec command = line.getCommandSpec();
    for (OptionSpec option : List.copyOf(command.options())) {
      if (option.names().length == 1 && !option.names()[0].startsWith("--")) {
        command.remove(option);
        command.addOption(
            OptionSpec.builder(option).names(option.names()[0], "-" + option.names()[0]).build());
      }
    }
    command.addOption(
        OptionSpec.builder("-help", "--help", "-h")
            .usageHelp(true)
            .type(boolean.class)
            .description("Print this.")
            .build());
    line.getSubcommands().values().forEach(Flags::complete);
  }
}
