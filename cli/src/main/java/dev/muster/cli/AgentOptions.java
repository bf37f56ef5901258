package dev.muster.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of every command that asks an agent.
final class AgentOptions {
  private static final String DEFAULT = "127.0.0.1:8500";

  @Option(
      names = {"-http-addr", "--http-addr"},
      paramLabel = "ADDRESS",
      description = "The agent to ask (CONSUL_HTTP_ADDR; 127.0.0.1:8500).")
  private @Nullable String address;

  ApiClient client(Program program) {
    String fromEnvironment = program.environment().getOrDefault("CONSUL_HTTP_ADDR", "");
    if (address != null) {
      return new ApiClient(address);
    }
    return new ApiClient(fromEnvironment.isEmpty() ? DEFAULT : fromEnvironment);
  }
}
