package dev.muster.registry.catalog;

import java.util.List;

/// An instance of a service with its node and all checks that bear on it: its own and the node's.
public record Instance(Node node, Service service, List<Check> checks) {
  public Instance {
    checks = List.copyOf(checks);
  }

  public boolean isPassing() {
    return checks.stream().allMatch(check -> check.status() == Check.Status.PASSING);
  }

  /// The worst of its checks; passing if there are none.
  public Check.Status status() {
    return checks.stream()
        .map(Check::status)
        .max(Check.Status::compareTo)
        .orElse(Check.Status.PASSING);
  }

  public boolean isInMaintenance() {
    return checks.stream().anyMatch(Check::isMaintenance);
  }

  /// Where it is reached: its own address, or its node's.
  public String address() {
    String own = service.definition().address();
    return own.isEmpty() ? node.address() : own;
  }
}
