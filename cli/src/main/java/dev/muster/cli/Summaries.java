package dev.muster.cli;

import picocli.CommandLine;

/// One line on each group of commands, for the overview, and an example of each.
final class Summaries {
  private Summaries() {}

  static void describe(CommandLine root) {
    describe(
        root,
        "services",
        "Register and deregister instances of services.",
        "services register -name web -port 80");
    describe(root, "catalog", "Ask what is registered.", "catalog services -tags");
    describe(root, "kv", "Read and write keys.", "kv put config/limit 5");
  }

  private static void describe(CommandLine root, String group, String text, String example) {
    CommandLine line = root.getSubcommands().get(group);
    if (line != null) {
      line.getCommandSpec()
          .usageMessage()
          .description(text)
          .footer("", "Example:", "  muster " + example);
    }
  }
}
