package dev.muster.cli;

import dev.muster.agent.config.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// What is wrong with a command line, in a sentence that names the word and the nearest right one.
///
/// @param command the one that was given the word
/// @param sentence without the way out
record Misuse(CommandLine command, String sentence) {

  static Misuse of(ParameterException e) {
    // What is unknown comes before what is missing, and the group before its command: a mistyped
    // word is why something else is missing.
    List<CommandLine> outermostFirst = new ArrayList<>();
    for (CommandLine line = e.getCommandLine(); line != null; line = line.getParent()) {
      outermostFirst.addFirst(line);
    }
    for (CommandLine line : outermostFirst) {
      if (!line.getUnmatchedArguments().isEmpty()) {
        return new Misuse(line, unknown(line, line.getUnmatchedArguments().getFirst()));
      }
    }
    return new Misuse(e.getCommandLine(), "" + e.getMessage());
  }

  private static String unknown(CommandLine command, String word) {
    String path = command.getCommandSpec().qualifiedName();
    Collection<String> commands = command.getSubcommands().keySet();
    if (word.startsWith("-")) {
      String dashes = word.startsWith("--") ? "--" : "-";
      String name = word.substring(dashes.length()).replaceFirst("=.*", "");
      List<String> known =
          command.getCommandSpec().optionsMap().keySet().stream()
              .map(flag -> flag.replaceFirst("^-+", ""))
              .toList();
      return "%s has no flag %s%s%s".formatted(path, dashes, name, meant(dashes, name, known));
    }
    if (commands.isEmpty()) {
      return "%s does not take '%s'.".formatted(path, word);
    }
    Optional<String> absent = command.getParent() == null ? Absent.why(word) : Optional.empty();
    return absent
        .map(
            why ->
                "%s has no command %s: %s. There is %s."
                    .formatted(path, word, why, String.join(", ", commands)))
        .orElseGet(() -> "%s has no command %s%s".formatted(path, word, meant("", word, commands)));
  }

  private static String meant(String dashes, String word, Collection<String> known) {
    return Spelling.nearest(word, known)
        .map(nearest -> "; did you mean " + dashes + nearest + "?")
        .orElse(".");
  }
}
