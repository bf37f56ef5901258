package dev.muster.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The reference of all commands, made from their model.
final class Manual {
  private static final String TITLE =
      """
      # Commands

      Made from the program itself: `./muster manual > docs/commands.md`. Each flag may be written
      `-x` or `--x`, its value `-x=y` or `-x y`. `muster COMMAND -help` prints the same.

      Every command that asks an agent also takes these:

      """;

  /// Options that many commands have; told once.
  private static final List<String> SHARED =
      List.of(
          "-ca-file",
          "-client-cert",
          "-client-key",
          "-datacenter",
          "-http-addr",
          "-stale",
          "-token",
          "-token-file");

  private final StringBuilder text = new StringBuilder();

  private Manual() {}

  static String of(CommandLine root) {
    var manual = new Manual();
    manual.text.append(TITLE);
    root.getSubcommands().values().stream()
        .flatMap(command -> command.getSubcommands().values().stream())
        .map(CommandLine::getCommandSpec)
        .filter(command -> SHARED.stream().allMatch(name -> has(command, name)))
        .limit(1)
        .forEach(
            example ->
                manual.table(
                    example.options().stream()
                        .filter(Manual::isShared)
                        .map(ArgSpec.class::cast)
                        .toList()));
    manual.append(root, "muster");
    return manual.text.toString();
  }

  private void append(CommandLine line, String path) {
    for (var sub : line.getSubcommands().entrySet()) {
      CommandLine command = sub.getValue();
      String deeper = path + " " + sub.getKey();
      if (command.getSubcommands().isEmpty()) {
        command(command.getCommandSpec(), deeper);
      } else {
        append(command, deeper);
      }
    }
  }

  private void command(CommandSpec command, String path) {
    text.append("\n## ").append(path).append("\n\n");
    for (String line : command.usageMessage().description()) {
      text.append(line).append('\n');
    }
    List<ArgSpec> arguments = new ArrayList<>(command.positionalParameters());
    command.options().stream()
        .filter(option -> !option.usageHelp() && !option.hidden() && !isShared(option))
        .sorted(Comparator.comparing(option -> option.names()[0]))
        .forEach(arguments::add);
    if (!arguments.isEmpty()) {
      text.append('\n');
      table(arguments);
    }
    if (command.options().stream().anyMatch(Manual::isShared)) {
      text.append("\nAlso takes the flags of those that ask an agent")
          .append(has(command, "-datacenter") ? ".\n" : ", but `-datacenter` and `-stale`.\n");
    }
    text.append("\n```\n");
    Stream.of(command.usageMessage().footer())
        .dropWhile(String::isEmpty)
        .forEach(line -> text.append(line).append('\n'));
    text.append("```\n");
  }

  private void table(List<ArgSpec> arguments) {
    text.append("| | |\n|---|---|\n");
    for (ArgSpec argument : arguments) {
      String meaning =
          Stream.of(argument.description()).collect(Collectors.joining(" ")).replace("|", "\\|");
      text.append("| `%s` | %s |\n".formatted(spelled(argument), meaning));
    }
  }

  private static String spelled(ArgSpec argument) {
    String label = argument.paramLabel().replace("|", "\\|");
    return switch (argument) {
      case OptionSpec option -> option.names()[0] + (option.arity().max() > 0 ? "=" + label : "");
      case PositionalParamSpec _ -> label + (argument.arity().max() > 1 ? "..." : "");
      default -> label;
    };
  }

  private static boolean isShared(OptionSpec option) {
    return SHARED.contains(option.names()[0]);
  }

  private static boolean has(CommandSpec command, String option) {
    return command.optionsMap().containsKey(option);
  }
}
