package dev.muster.cli.config;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `config write`.
@Command(
    description = "Write an entry from a file.",
    footer = {
      "",
      "Examples:",
      "  muster config write web.hcl",
      "  cat web.json | muster config write -",
      "  muster config write -cas -modify-index=42 web.hcl"
    })
final class WriteCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(
      names = "-cas",
      description = "Write only if the entry is still at -modify-index (0: does not exist).")
  private boolean cas;

  @Option(
      names = "-modify-index",
      paramLabel = "INDEX",
      description = "The index the entry must have, for -cas.")
  private long modifyIndex;

  @Parameters(paramLabel = "FILE", description = "The entry in HCL or JSON; - for standard input.")
  private String file = "";

  private final Terminal terminal;

  WriteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (modifyIndex != 0 && !cas) {
      throw new CommandFailed("Cannot specify -modify-index without -cas");
    }
    EntryFile entry = EntryFile.read(terminal, file);
    String named = entry.kind() + "/" + entry.name();
    Endpoint endpoint = Endpoint.of("config");
    if (cas) {
      endpoint.with("cas", Long.toString(modifyIndex));
    }
    boolean isWritten =
        agent
            .client(terminal)
            .put(endpoint, JsonMapper.shared().writeValueAsBytes(entry.body()))
            .orFail("writing config entry " + named)
            .json()
            .asBoolean();
    if (!isWritten) {
      throw new CommandFailed("Config entry not updated: " + named);
    }
    terminal.print("Config entry written: " + named);
    return Terminal.OK;
  }
}
