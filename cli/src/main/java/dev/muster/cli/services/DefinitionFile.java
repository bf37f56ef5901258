package dev.muster.cli.services;

import dev.muster.agent.config.Definitions;
import dev.muster.agent.hcl.Value;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.command.WrittenFile;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A file of service definitions, as an agent's configuration has them: an object with `service`,
/// `services`, or both.
final class DefinitionFile {
  private DefinitionFile() {}

  /// @throws CommandFailed if the file cannot be read or defines nothing
  static List<JsonNode> read(Terminal terminal, String file) {
    List<JsonNode> found = new ArrayList<>();
    for (Value.Member member : WrittenFile.read(terminal, file).members()) {
      switch (member.key()) {
        case "service", "services" -> add(found, member.value());
        default -> {} // an agent's file may say more; this command is about services
      }
    }
    if (found.isEmpty()) {
      throw new CommandFailed(
          "Error reading %s: it has neither service { … } nor services = [ … ].".formatted(file));
    }
    return found;
  }

  private static void add(List<JsonNode> found, Value value) {
    switch (value) {
      case Value.Group definition -> found.add(Definitions.request(definition));
      case Value.Sequence(List<Value> elements, _) -> elements.forEach(each -> add(found, each));
      case Value.Text _, Value.Numeral _, Value.Switch _, Value.Nothing _ ->
          throw new CommandFailed(
              "Error reading %s: expected the definition of a service, found %s"
                  .formatted(value.place(), value.described()));
    }
  }

  /// A text member by its name in any case.
  static String text(JsonNode definition, String name) {
    return definition.properties().stream()
        .filter(member -> member.getKey().equalsIgnoreCase(name))
        .map(member -> member.getValue().asString(""))
        .findFirst()
        .orElse("");
  }
}
