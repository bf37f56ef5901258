package dev.muster.registry.catalog;

/// What is known of the health of an instance, or of a whole node if `serviceId` is empty. `id` is
/// unique on its node.
///
/// @param output what the last probe said, for people
/// @param createIndex the index at which it appeared
/// @param modifyIndex the index at which it last changed
public record Check(
    String node,
    String id,
    String serviceId,
    String name,
    String notes,
    Status status,
    String output,
    Probe probe,
    long createIndex,
    long modifyIndex) {

  /// The states of health, from good to bad.
  public enum Status {
    PASSING,
    WARNING,
    CRITICAL;

    /// The word Consul uses.
    public String word() {
      return switch (this) {
        case PASSING -> "passing";
        case WARNING -> "warning";
        case CRITICAL -> "critical";
      };
    }
  }

  /// The id of the check that takes a whole node out of service.
  public static final String NODE_MAINTENANCE = "_node_maintenance";

  private static final String SERVICE_MAINTENANCE = "_service_maintenance:";

  /// The id of the check that takes one instance out of service.
  public static String maintenanceOf(String serviceId) {
    return SERVICE_MAINTENANCE + serviceId;
  }

  public boolean isMaintenance() {
    return id.equals(NODE_MAINTENANCE) || id.startsWith(SERVICE_MAINTENANCE);
  }

  boolean saysTheSameAs(Check other) {
    return at(0, 0).equals(other.at(0, 0));
  }

  Check at(long create, long modify) {
    return new Check(node, id, serviceId, name, notes, status, output, probe, create, modify);
  }

  Check with(Status newStatus, String newOutput, long modify) {
    return new Check(
        node, id, serviceId, name, notes, newStatus, newOutput, probe, createIndex, modify);
  }
}
