package dev.muster.agent.config;

import dev.muster.agent.hcl.Place;
import java.util.ArrayList;
import java.util.List;

/// Everything that is wrong with a configuration, and what its author should know though nothing
/// is; each with its place.
final class Problems {
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  void add(String problem) {
    problems.add(problem);
  }

  void add(Place place, String key, String problem) {
    problems.add("%s: %s: %s".formatted(place, key, problem));
  }

  void warn(Place place, String warning) {
    warnings.add(place + ": " + warning);
  }

  /// @throws InvalidConfiguration if there are any problems
  void orThrow() {
    if (!problems.isEmpty()) {
      throw new InvalidConfiguration(problems);
    }
  }

  List<String> warnings() {
    return warnings;
  }
}
