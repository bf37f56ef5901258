package dev.muster.cli.watch;

import dev.muster.cli.command.Answer;
import dev.muster.cli.command.Endpoint;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/// What is watched: where it is read, and what of the answer a handler is told.
sealed interface Subject {

  /// Where it is read, as a new one each time.
  Endpoint endpoint();

  /// What is told.
  ///
  /// @param before the index of the answer before; 0 at first
  JsonNode view(Answer answer, long before);

  /// One key.
  record Key(String key) implements Subject {
    @Override
    public Endpoint endpoint() {
      return Endpoint.of("kv", key);
    }

    /// The key, null if there is none.
    @Override
    public JsonNode view(Answer answer, long before) {
      if (answer.status() == 404) {
        return NullNode.getInstance();
      }
      return answer.orFail("watching").json().path(0);
    }
  }

  /// All keys with a prefix.
  record KeyPrefix(String prefix) implements Subject {
    @Override
    public Endpoint endpoint() {
      return Endpoint.of("kv", prefix).with("recurse");
    }

    /// The keys, null if there are none.
    @Override
    public JsonNode view(Answer answer, long before) {
      return answer.status() == 404 ? NullNode.getInstance() : answer.orFail("watching").json();
    }
  }

  /// Something whose whole answer is told: the catalog's lists, checks, instances.
  record Plain(String path, String name, List<Parameter> parameters) implements Subject {
    public Plain {
      parameters = List.copyOf(parameters);
    }

    /// A parameter; left out if it is empty.
    record Parameter(String name, String value) {}

    @Override
    public Endpoint endpoint() {
      Endpoint endpoint = name.isEmpty() ? Endpoint.of(path) : Endpoint.of(path, name);
      parameters.forEach(each -> endpoint.withAny(each.name(), each.value()));
      return endpoint;
    }

    @Override
    public JsonNode view(Answer answer, long before) {
      return answer.orFail("watching").json();
    }
  }

  /// Events, of one name or all.
  record Events(String name) implements Subject {
    @Override
    public Endpoint endpoint() {
      return Endpoint.of("event/list").withAny("name", name);
    }

    /// Those that came after the one whose index was told before. An event's index is made from its
    /// id, so it does not grow.
    @Override
    public JsonNode view(Answer answer, long before) {
      JsonNode all = answer.orFail("watching").json();
      List<JsonNode> fresh = new ArrayList<>();
      for (JsonNode event : all) {
        fresh.add(event);
        if (before != 0 && index(event.path("ID").asString()) == before) {
          fresh.clear();
        }
      }
      return JsonMapper.shared().createArrayNode().addAll(fresh);
    }

    private static long index(String id) {
      String digits = id.replace("-", "");
      if (!digits.matches("[0-9a-f]{32}")) {
        return 0;
      }
      return HexFormat.fromHexDigitsToLong(digits, 0, 16)
          ^ HexFormat.fromHexDigitsToLong(digits, 16, 32);
    }
  }
}
