package dev.muster.cli;

import picocli.CommandLine;

/// One line on each group of commands, for the overview.
final class Summaries {
  private Summaries() {}

  static void describe(CommandLine root) {
    describe(root, "services", "Register and deregister instances of services.");
    describe(root, "catalog", "Ask what is registered.");
    describe(root, "kv", "Read and write keys.");
  }

  private static void describe(CommandLine root, String group, String text) {
    CommandLine line = root.getSubcommands().get(group);
    if (line != null) {
      line.getCommandSpec().usageMessage().description(text);
    }
  }
}
