package dev.muster.agent.balancing;

import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.tree.WatchSet;
import java.util.HashMap;
import java.util.Map;

/// Why instances are not passing, in the words of their checks.
final class CheckOutputs {
  private static final int OUTPUT_CHARS_MAX = 200;

  private CheckOutputs() {}

  /// By the id that the balancer knows an instance by; none for those that pass.
  static Map<String, String> of(Catalog catalog) {
    Map<String, String> causes = new HashMap<>();
    for (String service : catalog.serviceNames(new WatchSet()).value().keySet()) {
      for (Instance instance : catalog.instances(service)) {
        String id = instance.node().name() + "/" + instance.service().id();
        for (Check check : instance.checks()) {
          if (check.status() == instance.status() && check.status() != Check.Status.PASSING) {
            causes.putIfAbsent(id, words(check));
          }
        }
      }
    }
    return causes;
  }

  private static String words(Check check) {
    String output = check.output().strip();
    String shown =
        output.length() > OUTPUT_CHARS_MAX ? output.substring(0, OUTPUT_CHARS_MAX) + "…" : output;
    String said = "check \"%s\" is %s".formatted(check.name(), check.status().word());
    return shown.isEmpty() ? said : said + ": " + shown;
  }
}
