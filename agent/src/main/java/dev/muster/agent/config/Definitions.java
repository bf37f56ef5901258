package dev.muster.agent.config;

import dev.muster.agent.hcl.Place;
import dev.muster.consul.form.CheckForm;
import dev.muster.consul.form.ServiceForm;
import java.util.List;

/// Services and checks that files define, in their order; ids are unique.
public record Definitions(List<DefinedService> services, List<DefinedCheck> checks) {
  public static final Definitions NONE = new Definitions(List.of(), List.of());

  public Definitions {
    services = List.copyOf(services);
    checks = List.copyOf(checks);
  }

  /// A service with its checks.
  public record DefinedService(ServiceForm form, Place place) {}

  /// A check of the node, or of a service that is defined somewhere else.
  public record DefinedCheck(CheckForm form, Place place) {
    public String id() {
      return form.id().isEmpty() ? form.name() : form.id();
    }
  }
}
