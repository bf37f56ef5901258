package dev.muster.cli.watch;

import dev.muster.cli.command.Child;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Stoppable;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.watch.Subject.Plain;
import dev.muster.cli.watch.Subject.Plain.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `watch`.
@Command(
    description = "Run a command each time something changes, or print what there is.",
    footer = {
      "",
      "Examples:",
      "  muster watch -type=services",
      "  muster watch -type=service -service=web -passingonly ./reload.sh",
      "  muster watch -type=keyprefix -prefix=config/ -shell=false /usr/bin/apply --all",
      "  muster watch -type=key -key=config/limit -follow",
      "",
      "The command reads the new state as JSON, and finds its index in CONSUL_INDEX.",
      "If it fails, the watch ends with exit code 1."
    })
final class WatchCommand implements Callable<Integer> {
  private static final Map<String, Set<String>> OPTIONS_OF_TYPE =
      Map.of(
          "key", Set.of("key"),
          "keyprefix", Set.of("prefix"),
          "services", Set.of("filter"),
          "nodes", Set.of("filter"),
          "service", Set.of("service", "tag", "passingonly", "filter"),
          "checks", Set.of("service", "state", "filter"),
          "event", Set.of("name"));

  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(
      names = "-type",
      required = true,
      paramLabel = "TYPE",
      description = "key, keyprefix, services, nodes, service, checks or event.")
  private String type = "";

  @Option(names = "-key", paramLabel = "KEY", description = "The key; for type key.")
  private String key = "";

  @Option(names = "-prefix", paramLabel = "TEXT", description = "For type keyprefix.")
  private String prefix = "";

  @Option(
      names = "-service",
      paramLabel = "NAME",
      description = "The service; for types service and checks.")
  private String service = "";

  @Option(
      names = "-tag",
      paramLabel = "TAG",
      description = "Only instances with this tag; for type service; may be repeated.")
  private List<String> tags = new ArrayList<>();

  @Option(names = "-passingonly", description = "Only healthy instances; for type service.")
  private boolean passingOnly;

  @Option(
      names = "-state",
      paramLabel = "STATE",
      description = "passing, warning, critical or any (any); for type checks.")
  private String state = "";

  @Option(names = "-name", paramLabel = "NAME", description = "For type event (all events).")
  private String name = "";

  @Option(
      names = "-filter",
      paramLabel = "EXPRESSION",
      description = "Only what it is true for; for types services, nodes, service and checks.")
  private String filter = "";

  @Option(
      names = "-shell",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "true",
      paramLabel = "true|false",
      hideParamSyntax = true,
      description = "Run the command by a shell, $SHELL or /bin/sh (true).")
  private boolean shell;

  @Option(
      names = "-follow",
      description = "Without a command: print each change, too, not only what there is.")
  private boolean follow;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "What to run, with its arguments.")
  private List<String> words = new ArrayList<>();

  private final Terminal terminal;

  WatchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Subject subject = subject();
    var watch = new Watch(terminal, agent.client(terminal), subject, "Watch (type: " + type + ")");
    Watch.Handler handler =
        words.isEmpty()
            ? new Printing(terminal, follow)
            : new Running(terminal, shell ? Child.byShell(terminal, words) : words);
    return Stoppable.run(terminal, Terminal.OK, () -> watch.run(handler));
  }

  private Subject subject() {
    Set<String> allowed = OPTIONS_OF_TYPE.get(type);
    if (allowed == null) {
      throw new CommandFailed(
          ("Error: there is no watch of type '%s'; there are key, keyprefix, services, nodes,"
                  + " service, checks, event.")
              .formatted(type));
    }
    given().forEach((option, isGiven) -> checkAllowed(option, isGiven, allowed));
    return switch (type) {
      case "key" -> new Subject.Key(required(key, "-key"));
      case "keyprefix" -> new Subject.KeyPrefix(required(prefix, "-prefix"));
      case "services" -> new Plain("catalog/services", "", filtered());
      case "nodes" -> new Plain("catalog/nodes", "", filtered());
      case "service" -> new Plain("health/service", required(service, "-service"), ofService());
      case "checks" ->
          service.isEmpty()
              ? new Plain("health/state", state.isEmpty() ? "any" : state, filtered())
              : new Plain("health/checks", service, filtered());
      default -> new Subject.Events(name);
    };
  }

  private Map<String, Boolean> given() {
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("key", !key.isEmpty());
    given.put("prefix", !prefix.isEmpty());
    given.put("service", !service.isEmpty());
    given.put("tag", !tags.isEmpty());
    given.put("passingonly", passingOnly);
    given.put("state", !state.isEmpty());
    given.put("name", !name.isEmpty());
    given.put("filter", !filter.isEmpty());
    return given;
  }

  private void checkAllowed(String option, boolean isGiven, Set<String> allowed) {
    if (isGiven && !allowed.contains(option)) {
      throw new CommandFailed(
          "Error: -%s means nothing to a watch of type %s.".formatted(option, type));
    }
    if (!service.isEmpty() && !state.isEmpty()) {
      throw new CommandFailed("Error: Cannot specify service and state");
    }
  }

  private String required(String value, String option) {
    if (value.isEmpty()) {
      throw new CommandFailed("Error: a watch of type %s needs %s.".formatted(type, option));
    }
    return value;
  }

  private List<Parameter> filtered() {
    return List.of(new Parameter("filter", filter));
  }

  private List<Parameter> ofService() {
    List<Parameter> parameters = new ArrayList<>(filtered());
    tags.forEach(tag -> parameters.add(new Parameter("tag", tag)));
    parameters.add(new Parameter("passing", passingOnly ? "1" : ""));
    return parameters;
  }
}
