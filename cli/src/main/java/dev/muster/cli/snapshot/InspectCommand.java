package dev.muster.cli.snapshot;

import dev.muster.cli.command.JsonText;
import dev.muster.cli.command.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `snapshot inspect`.
@Command(
    description = "Check a snapshot file and print what it is. No agent is asked.",
    footer = {
      "",
      "Examples:",
      "  muster snapshot inspect backup.snap",
      "  muster snapshot inspect -format=json backup.snap"
    })
final class InspectCommand implements Callable<Integer> {
  /// How it is printed.
  private enum Format {
    pretty,
    json
  }

  @Option(
      names = "-format",
      paramLabel = "FORMAT",
      description = "pretty for people, json for programs (pretty).")
  private Format format = Format.pretty;

  @Parameters(paramLabel = "FILE", description = "What 'snapshot save' wrote.")
  private Path file = Path.of("");

  private final Terminal terminal;

  InspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Archive archive = Archive.read(file);
    switch (format) {
      case json -> {
        ObjectNode meta = JsonMapper.shared().createObjectNode();
        for (String name : new String[] {"ID", "Index", "Term", "Version"}) {
          meta.set(name, archive.meta().path(name));
        }
        meta.put("Size", archive.stateBytes());
        terminal.print(JsonText.pretty(JsonMapper.shared().createObjectNode().set("Meta", meta)));
      }
      case pretty -> {
        line("ID", archive.meta().path("ID").asString(""));
        line("Size", Long.toString(archive.stateBytes()));
        line("Index", archive.meta().path("Index").asString(""));
        line("Term", archive.meta().path("Term").asString(""));
        line("Version", archive.meta().path("Version").asString(""));
      }
    }
    return Terminal.OK;
  }

  private void line(String name, String value) {
    terminal.print(" %-12s %s".formatted(name, value));
  }
}
