package dev.muster.cli.lock;

import dev.muster.cli.command.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the key of a semaphore says: `{"Limit":2,"Holders":{"<session>":true}}`.
///
/// @param limit how many may hold it
/// @param sessions who does
record Holders(int limit, Set<String> sessions) {
  Holders {
    sessions = Set.copyOf(sessions);
  }

  /// @param limit of a semaphore that nobody has used yet
  static Holders parse(byte[] value, int limit) {
    if (value.length == 0) {
      return new Holders(limit, Set.of());
    }
    JsonNode json =
        JsonText.parse(new String(value, StandardCharsets.UTF_8), "The semaphore's key");
    Set<String> sessions = new TreeSet<>();
    json.path("Holders").properties().forEach(holder -> sessions.add(holder.getKey()));
    return new Holders(json.path("Limit").asInt(0), sessions);
  }

  byte[] json() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("Limit", limit);
    ObjectNode holders = json.putObject("Holders");
    new TreeSet<>(sessions).forEach(session -> holders.put(session, true));
    return JsonMapper.shared().writeValueAsBytes(json);
  }

  boolean has(String session) {
    return sessions.contains(session);
  }

  Holders livingIn(Set<String> alive) {
    return filter(alive::contains);
  }

  Holders without(String session) {
    return filter(each -> !each.equals(session));
  }

  Holders with(String session) {
    Set<String> more = new TreeSet<>(sessions);
    more.add(session);
    return new Holders(limit, more);
  }

  private Holders filter(Predicate<String> condition) {
    Set<String> fewer = new TreeSet<>(sessions);
    fewer.removeIf(condition.negate());
    return new Holders(limit, fewer);
  }
}
