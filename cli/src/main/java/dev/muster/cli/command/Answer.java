package dev.muster.cli.command;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the agent answered, whatever the status.
///
/// @param index the index to wait for a change of; 0 if the answer has none
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Answer(int status, byte[] body, long index) {

  /// The body as text.
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// Whether the agent did what it was asked.
  public boolean isOk() {
    return status >= 200 && status < 300;
  }

  /// This, if the agent did what it was asked.
  ///
  /// @param what was tried, to end a sentence that starts with "Error"
  /// @throws CommandFailed with the agent's words, unless it said yes
  public Answer orFail(String what) {
    if (!isOk()) {
      throw new CommandFailed(
          "Error %s: Unexpected response code: %d (%s)".formatted(what, status, text().strip()));
    }
    return this;
  }

  /// This, if the agent did what it was asked or said that there is no such thing.
  ///
  /// @throws CommandFailed with the agent's words, if it said something else
  public Answer orMissing(String what) {
    return status == 404 ? this : orFail(what);
  }

  /// The body as JSON.
  ///
  /// @throws CommandFailed if it is not
  public JsonNode json() {
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException e) {
      throw new CommandFailed("Error: the agent's answer is not JSON: " + text().strip());
    }
  }
}
