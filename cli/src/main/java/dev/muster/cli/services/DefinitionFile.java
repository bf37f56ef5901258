package dev.muster.cli.services;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Input;
import dev.muster.cli.command.JsonText;
import dev.muster.cli.command.Terminal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A file of service definitions, as an agent's configuration has them: an object with `service`,
/// `services`, or both.
final class DefinitionFile {
  private DefinitionFile() {}

  /// @throws CommandFailed if the file cannot be read or defines nothing
  static List<JsonNode> read(Terminal terminal, String file) {
    String text = Input.readFile(terminal, file);
    if (file.endsWith(".hcl") || !text.stripLeading().startsWith("{")) {
      throw new CommandFailed(
          "Error reading %s: this command reads service definitions in JSON, not yet in HCL."
              .formatted(file));
    }
    JsonNode whole = JsonText.parse(text, file);
    List<JsonNode> found = new ArrayList<>();
    if (whole.path("service").isObject()) {
      found.add(whole.path("service"));
    }
    whole.path("services").forEach(found::add);
    if (found.isEmpty()) {
      throw new CommandFailed(
          "Error reading %s: it has neither \"service\": {...} nor \"services\": [...]."
              .formatted(file));
    }
    return found;
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
