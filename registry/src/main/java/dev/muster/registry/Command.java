package dev.muster.registry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A change of the registry, as it stands in the log: the same everywhere, so it holds no clock, no
/// chance and nothing of the server that accepted it beyond what it names. Indexes within are 0.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "do")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Command.Register.class, name = "register"),
  @JsonSubTypes.Type(value = Command.Deregister.class, name = "deregister"),
  @JsonSubTypes.Type(value = Command.Report.class, name = "report"),
  @JsonSubTypes.Type(value = Command.PutKey.class, name = "put-key"),
  @JsonSubTypes.Type(value = Command.DeleteKey.class, name = "delete-key"),
  @JsonSubTypes.Type(value = Command.DeleteKeysUnder.class, name = "delete-keys-under")
})
public sealed interface Command {

  /// Adds or replaces an instance and checks on a node. All of it takes effect or nothing.
  ///
  /// @param node null to leave the node as it is; it must then exist
  /// @param nodeName the node of the service and the checks
  /// @param checks of those that exist already and are run by a server, status and output stay
  ///     as they are, so that registering again does not flap; of all others they are set
  /// @param replacesChecks whether the service's checks that are not named go
  record Register(
      String nodeName,
      @Nullable Node node,
      @Nullable Service service,
      List<Check> checks,
      boolean replacesChecks)
      implements Command {
    public Register {
      checks = List.copyOf(checks);
    }
  }

  /// Removes a check, an instance with its checks, or a node with all it has; what is not there is
  /// gone already.
  ///
  /// @param serviceId empty unless an instance is meant
  /// @param checkId empty unless a check is meant
  /// @param ifCritical if not empty, a check of the node: nothing happens unless it is critical
  record Deregister(String nodeName, String serviceId, String checkId, String ifCritical)
      implements Command {}

  /// Sets the state of a check; refused if there is none.
  record Report(String nodeName, String checkId, Check.Status status, String output)
      implements Command {}

  /// Writes a key. Writing what is there already changes nothing.
  ///
  /// @param cas null to write in any case; 0 to write only if it does not exist; else the
  ///     `modifyIndex` that it must have
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record PutKey(String key, byte @Nullable [] value, long flags, @Nullable Long cas)
      implements Command {}

  /// Deletes a key.
  ///
  /// @param cas null to delete in any case; else the `modifyIndex` that it must have if it exists
  record DeleteKey(String key, @Nullable Long cas) implements Command {}

  /// Deletes every key that starts with the prefix.
  record DeleteKeysUnder(String prefix) implements Command {}
}
