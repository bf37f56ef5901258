package dev.muster.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Settings as they were given, by key (`ports.http`), each with where it was given. Later ones
/// win. Not thread-safe.
public final class Settings {
  private final Map<String, Given> values = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  /// @param origin such as `flag -http-port` or `file a.json`
  record Given(String text, String origin) {}

  /// Adds what a flag of the command line says.
  public void addFlag(String flag, String key, String text) {
    values.put(key, new Given(text, "flag " + flag));
  }

  /// Adds a JSON file. Problems are kept until the settings are read.
  public void addFile(Path file) {
    String origin = "file " + file;
    try {
      JsonNode root = JsonMapper.shared().readTree(Files.readAllBytes(file));
      if (!root.isObject()) {
        problems.add(origin + ": not a JSON object such as {\"ports\": {\"http\": 8500}}");
        return;
      }
      flatten("", root, (key, text) -> values.put(key, new Given(text, origin)), origin);
    } catch (NoSuchFileException e) {
      problems.add(origin + ": does not exist");
    } catch (JacksonException e) {
      problems.add(
          "%s: line %d, column %d: this is not JSON: %s"
              .formatted(
                  origin,
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  // The parser's hint at where it began says nothing but that it was left out.
                  e.getOriginalMessage().replaceFirst("\\s*\\(start marker at .*", "")));
    } catch (IOException e) {
      problems.add(origin + ": cannot be read: " + e.getMessage());
    }
  }

  private void flatten(
      String prefix, JsonNode object, BiConsumer<String, String> add, String origin) {
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String key = prefix + member.getKey();
      JsonNode value = member.getValue();
      if (value.isObject() && value.isEmpty()) {
        add.accept(key, ""); // so that an unknown key is noticed even if there is nothing in it
      } else if (value.isObject()) {
        flatten(key + ".", value, add, origin);
      } else if (value.isArray()) {
        problems.add("%s: \"%s\" takes one value, not a list".formatted(origin, key));
      } else if (!value.isNull()) {
        add.accept(key, value.asString());
      }
    }
  }

  Optional<Given> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  Map<String, Given> values() {
    return values;
  }

  List<String> problems() {
    return problems;
  }
}
