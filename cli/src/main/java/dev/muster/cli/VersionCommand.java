package dev.muster.cli;

import dev.muster.cli.command.JsonText;
import dev.muster.cli.command.Terminal;
import dev.muster.consul.serving.Server;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `version`.
@Command(
    description = "Print the version.",
    footer = {"", "Examples:", "  muster version", "  muster version -format=json"})
final class VersionCommand implements Callable<Integer> {
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

  private final Terminal terminal;

  VersionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    switch (format) {
      case json -> printJson();
      case pretty -> print();
    }
    return Terminal.OK;
  }

  private void printJson() {
    terminal.print(
        JsonText.pretty(
            JsonMapper.shared()
                .createObjectNode()
                .put("Version", Server.CONSUL_VERSION)
                .put("Prerelease", "")
                .put("Muster", Version.ours())));
  }

  /// Tools that look for Consul want its name first.
  private void print() {
    if (terminal.name().equals("consul")) {
      terminal.print("Consul v" + Server.CONSUL_VERSION);
      terminal.print("Muster v" + Version.ours() + ", which speaks its API");
    } else {
      terminal.print("Muster v" + Version.ours());
      terminal.print("Speaks the API of Consul v" + Server.CONSUL_VERSION);
    }
  }
}
