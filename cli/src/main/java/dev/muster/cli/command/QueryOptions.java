package dev.muster.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// The options of a command that asks for what the whole group knows.
public final class QueryOptions extends AgentOptions {
  @Option(
      names = "-datacenter",
      paramLabel = "NAME",
      description = "The datacenter to ask (the agent's).")
  private String datacenter = "";

  @Option(
      names = "-stale",
      description = "Read from any server, even if it is behind or there is no leader.")
  private boolean isStale;

  @Override
  Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!datacenter.isEmpty()) {
      parameters.put("dc", datacenter);
    }
    if (isStale) {
      parameters.put("stale", "");
    }
    return parameters;
  }
}
