package dev.muster.registry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.muster.registry.autopilot.Autopilot;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.entry.ConfigEntry;
import dev.muster.registry.entry.Kind;
import dev.muster.registry.event.Event;
import dev.muster.registry.query.PreparedQuery;
import dev.muster.registry.session.Lock;
import dev.muster.registry.session.Session;
import dev.muster.registry.transaction.Operation;
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
  @JsonSubTypes.Type(value = Command.DeleteKeysUnder.class, name = "delete-keys-under"),
  @JsonSubTypes.Type(value = Command.CreateSession.class, name = "create-session"),
  @JsonSubTypes.Type(value = Command.DestroySession.class, name = "destroy-session"),
  @JsonSubTypes.Type(value = Command.KeepSessions.class, name = "keep-sessions"),
  @JsonSubTypes.Type(value = Command.ExpireSessions.class, name = "expire-sessions"),
  @JsonSubTypes.Type(value = Command.EndLockDelays.class, name = "end-lock-delays"),
  @JsonSubTypes.Type(value = Command.Transaction.class, name = "transaction"),
  @JsonSubTypes.Type(value = Command.FireEvent.class, name = "fire-event"),
  @JsonSubTypes.Type(value = Command.PutQuery.class, name = "put-query"),
  @JsonSubTypes.Type(value = Command.DeleteQuery.class, name = "delete-query"),
  @JsonSubTypes.Type(value = Command.PutEntry.class, name = "put-entry"),
  @JsonSubTypes.Type(value = Command.DeleteEntry.class, name = "delete-entry"),
  @JsonSubTypes.Type(value = Command.PutAutopilot.class, name = "put-autopilot"),
  @JsonSubTypes.Type(value = Command.RestorePart.class, name = "restore-part"),
  @JsonSubTypes.Type(value = Command.Restore.class, name = "restore"),
  @JsonSubTypes.Type(value = Command.AbandonRestore.class, name = "abandon-restore")
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
  /// @param lock null to leave the lock on the key as it is
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record PutKey(
      String key, byte @Nullable [] value, long flags, @Nullable Long cas, @Nullable Lock lock)
      implements Command {

    /// Leaves the lock on the key as it is.
    public PutKey(String key, byte @Nullable [] value, long flags, @Nullable Long cas) {
      this(key, value, flags, cas, null);
    }
  }

  /// Deletes a key, and the lock on it.
  ///
  /// @param cas null to delete in any case; else the `modifyIndex` that it must have if it exists
  record DeleteKey(String key, @Nullable Long cas) implements Command {}

  /// Deletes every key that starts with the prefix.
  record DeleteKeysUnder(String prefix) implements Command {}

  /// Makes a session. Refused unless its node exists and all its checks do, none of them critical.
  ///
  /// @param session its id was made up by the server that took the request
  record CreateSession(Session session) implements Command {}

  /// Ends a session; one that does not exist has ended already.
  record DestroySession(String id) implements Command {}

  /// From now on only this server may say that sessions expired.
  ///
  /// @param keeper a mark that no other server has, nor this one at another time; not 0
  record KeepSessions(long keeper) implements Command {}

  /// Ends sessions that were not renewed in time. Nothing happens if another server counts their
  /// time by now, for this one cannot know who renewed there.
  record ExpireSessions(long keeper, List<String> ids) implements Command {
    public ExpireSessions {
      ids = List.copyOf(ids);
    }
  }

  /// Ends the lock-delays that began at that index or before.
  record EndLockDelays(long upToIndex) implements Command {}

  /// Does all of it at one index, or nothing. Each operation sees what those before it did.
  record Transaction(List<Operation> operations) implements Command {
    public Transaction {
      operations = List.copyOf(operations);
    }
  }

  /// Keeps an event, whose time is 0.
  record FireEvent(Event event) implements Command {}

  /// Adds or replaces a prepared query.
  ///
  /// @param exists whether there must be one with its id
  record PutQuery(PreparedQuery query, boolean exists) implements Command {}

  /// Deletes a prepared query; refused if there is none.
  record DeleteQuery(String id) implements Command {}

  /// Adds or replaces a configuration entry, which is checked and normalized. Refused if it
  /// contradicts others.
  ///
  /// @param cas as that of [PutKey]
  record PutEntry(ConfigEntry entry, @Nullable Long cas) implements Command {}

  /// Deletes a configuration entry. Refused if others need it.
  ///
  /// @param cas null to delete in any case; else the `modifyIndex` that it must have
  record DeleteEntry(Kind kind, String name, @Nullable Long cas) implements Command {}

  /// Sets how the group looks after its servers.
  ///
  /// @param cas null to set it in any case; else the `modifyIndex` that the present one must have
  record PutAutopilot(Autopilot autopilot, @Nullable Long cas) implements Command {}

  /// Brings a part of a state that is to take the place of this one. Nothing is visible of it.
  ///
  /// @param id of the restore
  /// @param number from 0, in order
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record RestorePart(String id, int number, byte[] bytes) implements Command {}

  /// Puts the state whose parts came under this id in the place of this one.
  record Restore(String id, int parts) implements Command {}

  /// Drops the parts that came under this id; if there are none, nothing happens.
  record AbandonRestore(String id) implements Command {}
}
