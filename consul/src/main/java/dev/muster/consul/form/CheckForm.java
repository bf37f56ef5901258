package dev.muster.consul.form;

import dev.muster.health.probe.ScriptChecks;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;

/// A check as a request defines it.
///
/// @param id empty if the request gave none
/// @param status empty if the request gave none
public record CheckForm(
    String id, String name, String notes, String status, String serviceId, Probe probe) {
  /// Reads the check of a registration with an agent, which the servers are to run.
  ///
  /// @throws Refusal if it makes no sense
  public static CheckForm of(Fields fields) {
    return of(fields, false);
  }

  /// As [#of], from a configuration file, whose scripts may be run where those of requests are not.
  public static CheckForm ofFile(Fields fields) {
    return of(fields, true);
  }

  private static CheckForm of(Fields fields, boolean isFromFile) {
    Probe probe = ProbeForm.toRun(fields, isFromFile);
    var form =
        new CheckForm(
            Names.checked("check ID", fields.string("CheckID", "ID")),
            Names.checked("check name", fields.string("Name")),
            fields.string("Notes"),
            fields.string("Status"),
            Names.checked("service ID", fields.string("ServiceID")),
            probe);
    fields.requireDefault("Namespace", "Partition");
    fields.ignore("Token", "ServiceName");
    fields.end();
    return form;
  }

  /// Reads the definition of a check that somebody else runs.
  public static Probe declared(Fields definition) {
    return ProbeForm.declared(definition);
  }

  /// Refuses a script that the server does not run.
  ///
  /// @throws Refusal in Consul's words if it is a script that the server does not run
  public void requireAllowed(ScriptChecks scripts) {
    if (probe instanceof Probe.Script script) {
      String refusal = scripts.refusal(script.isFromFile());
      if (!refusal.isEmpty()) {
        throw new Refusal(500, refusal);
      }
    }
  }

  /// The state that a word stands for.
  ///
  /// @throws Refusal with the given text unless the status is absent or known
  public static Check.Status status(String word, String refusal) {
    return switch (word) {
      case "passing" -> Check.Status.PASSING;
      case "warning" -> Check.Status.WARNING;
      case "critical", "" -> Check.Status.CRITICAL;
      default -> throw new Refusal(400, refusal);
    };
  }

  /// The check to be registered.
  public Check check(
      String node, String checkId, String checkName, String service, String refusal) {
    return new Check(
        node, checkId, service, checkName, notes, status(status, refusal), "", probe, 0, 0);
  }
}
