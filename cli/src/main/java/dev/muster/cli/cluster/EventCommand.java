package dev.muster.cli.cluster;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Input;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `event`.
@Command(
    description = "Fire an event: a name and a little data that those who watch events hear.",
    footer = {
      "",
      "Examples:",
      "  muster event -name=deploy 1.2.3",
      "  muster event -name=deploy -service=web -tag=canary 1.2.3"
    })
final class EventCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-name", required = true, paramLabel = "NAME", description = "The event's name.")
  private String name = "";

  @Option(
      names = "-node",
      paramLabel = "PATTERN",
      description = "A regular expression: only for nodes with such a name.")
  private String node = "";

  @Option(
      names = "-service",
      paramLabel = "PATTERN",
      description = "A regular expression: only for nodes with such a service.")
  private String service = "";

  @Option(
      names = "-tag",
      paramLabel = "PATTERN",
      description = "A regular expression: only for services with such a tag; needs -service.")
  private String tag = "";

  @Parameters(
      arity = "0..1",
      paramLabel = "PAYLOAD",
      description = "The data; @FILE for a file's content, - for standard input.")
  private String payload = "";

  private final Terminal terminal;

  EventCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    checkPattern("node", node);
    checkPattern("service", service);
    checkPattern("tag", tag);
    if (!tag.isEmpty() && service.isEmpty()) {
      throw new CommandFailed("Cannot provide tag filter without service filter.");
    }
    JsonNode event =
        agent
            .client(terminal)
            .put(
                Endpoint.of("event/fire", name)
                    .withAny("node", node)
                    .withAny("service", service)
                    .withAny("tag", tag),
                Input.read(terminal, payload))
            .orFail("firing event")
            .json();
    terminal.print("Event ID: " + event.path("ID").asString());
    return Terminal.OK;
  }

  private static void checkPattern(String what, String pattern) {
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new CommandFailed(
          "Failed to compile %s filter regexp: %s".formatted(what, e.getDescription()));
    }
  }
}
