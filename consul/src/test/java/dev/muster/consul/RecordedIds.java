package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The ids that the recorded server gave, each with the one that ours gave in its place: sessions,
/// prepared queries, events. What the recording says afterwards is then said of ours.
final class RecordedIds {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final Map<String, String> oursByTheirs = new HashMap<>();

  /// Remembers the `ID` of an answer to a request that made something.
  void learn(JsonNode theirs, JsonNode ours) {
    String their = theirs.path("ID").asString("");
    if (UUID.matcher(their).matches() && !oursByTheirs.containsKey(their)) {
      String our = ours.path("ID").asString("");
      assertThat(our).as("ID").matches(UUID);
      oursByTheirs.put(their, our);
    }
  }

  /// The recorded text with our ids in the place of theirs.
  String inOurs(String recorded) {
    return UUID.matcher(recorded)
        .replaceAll(found -> oursByTheirs.getOrDefault(found.group(), found.group()));
  }
}
