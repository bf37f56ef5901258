package dev.muster.agent.config;

import java.util.List;

/// What the sources of a configuration say at one time.
public final class Reading {
  private final AgentConfig config;
  private final List<String> warnings;
  private final Values values;

  Reading(AgentConfig config, List<String> warnings, Values values) {
    this.config = config;
    this.warnings = List.copyOf(warnings);
    this.values = values;
  }

  public AgentConfig config() {
    return config;
  }

  /// What was accepted, though it has no effect; each a sentence with its place.
  public List<String> warnings() {
    return warnings;
  }

  /// What differs from the reading that a server was started with and cannot be taken over while it
  /// runs; each a sentence with its place.
  public List<String> waiting(Reading started) {
    return values.differences(started.values).stream()
        .filter(key -> Keys.all().get(key).effect() == Key.Effect.YES)
        .map(
            key ->
                "%s: %s changed: takes effect at the next start"
                    .formatted(
                        values.isGiven(key) ? values.place(key) : started.values.place(key), key))
        .toList();
  }
}
