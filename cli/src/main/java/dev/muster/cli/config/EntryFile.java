package dev.muster.cli.config;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.command.WrittenFile;
import tools.jackson.databind.JsonNode;

/// A configuration entry in a file, as a person wrote it.
///
/// @param body all of it, as the API takes it: keys may be spelled as in HCL, `protocol`, or as in
///     answers, `Protocol`
record EntryFile(String kind, String name, JsonNode body) {

  /// @param file `-` for standard input
  /// @throws CommandFailed if it cannot be read or says not what kind of entry it is
  static EntryFile read(Terminal terminal, String file) {
    JsonNode body = WrittenFile.read(terminal, file).toJson();
    String kind = text(body, "kind");
    if (kind.isEmpty()) {
      throw new CommandFailed(
          ("Failed to decode config entry input %s: it lacks Kind, such as"
                  + " Kind = \"service-defaults\"")
              .formatted(file));
    }
    return new EntryFile(kind, text(body, "name"), body);
  }

  private static String text(JsonNode body, String name) {
    return body.properties().stream()
        .filter(member -> member.getKey().equalsIgnoreCase(name))
        .map(member -> member.getValue().asString(""))
        .findFirst()
        .orElse("");
  }
}
