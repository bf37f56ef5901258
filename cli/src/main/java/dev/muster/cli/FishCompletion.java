package dev.muster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// A script for fish: one line a command and a flag, each with the condition under which it is
/// offered, which is the words typed so far.
final class FishCompletion {
  private static final String PRELUDE =
      """
      # The commands typed so far, flags left out, must be exactly these.
      function __PROGRAM_at
          set -l words (commandline -opc)
          set -e words[1]
          set -l typed
          for word in $words
              string match -q -- '-*' $word; or set -a typed $word
          end
          test "$typed" = "$argv"
      end
      # The commands typed so far must begin with these.
      function __PROGRAM_in
          set -l words (commandline -opc)
          set -e words[1]
          set -l typed
          for word in $words
              string match -q -- '-*' $word; or set -a typed $word
          end
          set -q argv[1]; or return 0
          test "$typed[1..(count $argv)]" = "$argv"
      end
      """;

  private final String program;
  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String program) {
    this.program = program;
  }

  static String of(CommandLine root) {
    var completion = new FishCompletion(root.getCommandName());
    completion.script.append(PRELUDE.replace("PROGRAM", completion.program));
    completion.script.append("complete -c %s -f%n".formatted(completion.program));
    completion.append(root, List.of());
    return completion.script.toString();
  }

  private void append(CommandLine line, List<String> path) {
    for (Map.Entry<String, CommandLine> sub : line.getSubcommands().entrySet()) {
      CommandSpec command = sub.getValue().getCommandSpec();
      add("at", path, "-a " + sub.getKey(), first(command.usageMessage().description()));
      List<String> deeper = new ArrayList<>(path);
      deeper.add(sub.getKey());
      append(sub.getValue(), deeper);
    }
    if (line.getSubcommands().isEmpty()) {
      for (OptionSpec option : line.getCommandSpec().options()) {
        if (!option.hidden()) {
          String takesValue = option.arity().min() > 0 ? " -r" : "";
          String name = option.names()[0].substring(1);
          add("in", path, "-o " + name + takesValue, first(option.description()));
        }
      }
    }
  }

  private void add(String condition, List<String> path, String what, String description) {
    script.append(
        "complete -c %s -n '__%s_%s %s' %s -d '%s'%n"
            .formatted(
                program,
                program,
                condition,
                String.join(" ", path),
                what,
                description.replace("\\", "\\\\").replace("'", "\\'")));
  }

  private static String first(String[] lines) {
    return lines.length == 0 ? "" : lines[0];
  }
}
