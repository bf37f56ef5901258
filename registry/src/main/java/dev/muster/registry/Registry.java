package dev.muster.registry;

import dev.muster.consensus.Barrier;
import dev.muster.consensus.Consensus;
import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.Engine;
import dev.muster.consensus.Outcome;
import dev.muster.consensus.Peer;
import dev.muster.consensus.Status;
import dev.muster.registry.catalog.CheckRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/// The catalog of nodes, services and checks, the keys, and what else is the same on every server
/// of a group.
///
/// Writes go through the log; reads come from an immutable [View]. Thread-safe.
public final class Registry implements AutoCloseable {
  /// Well below the largest command, also once it is in the log's own notation.
  private static final int RESTORE_PART_BYTES = 256 << 10;

  private final RegistryMachine machine;
  private final Consensus<Reply> consensus;
  private final int commandBytesMax;

  private Registry(RegistryMachine machine, Consensus<Reply> consensus, int commandBytesMax) {
    this.machine = machine;
    this.consensus = consensus;
    this.commandBytesMax = commandBytesMax;
  }

  /// Hears of each change the moment it is visible, on the thread that applies the log: it must not
  /// block, nor throw.
  @FunctionalInterface
  public interface Listener {
    void applied(Applied change);
  }

  /// What a log entry changed.
  ///
  /// @param view the state after it
  /// @param services the names of services of which an instance, a check or a node changed
  /// @param registered checks that were registered, whether that changed them or not
  /// @param sessions the ids of sessions that were made or ended
  /// @param delayedKeys keys whose lock-delay began
  /// @param isRestored whether the whole state was replaced, so that anything may differ
  public record Applied(
      View view,
      Set<String> services,
      Set<CheckRef> checks,
      Set<CheckRef> registered,
      Set<String> sessions,
      Set<String> delayedKeys,
      boolean isRestored) {

    boolean isNews() {
      return isRestored
          || !(services.isEmpty()
              && checks.isEmpty()
              && registered.isEmpty()
              && sessions.isEmpty()
              && delayedKeys.isEmpty());
    }
  }

  /// Recovers the state from the engine's disk.
  public static Registry start(Engine engine, ConsensusConfig config) throws IOException {
    var machine = new RegistryMachine();
    Consensus<Reply> consensus = Consensus.start(engine, machine, config);
    return new Registry(machine, consensus, config.commandBytesMax());
  }

  public void add(Listener listener) {
    machine.add(listener);
  }

  /// Commits a command and applies it. Blocks; durable when it returns.
  ///
  /// @throws RegistryUnavailable if it could not be committed, or that is not known
  /// @throws CommandTooLarge if the log takes nothing so large
  public Reply submit(Command command) {
    byte[] encoded = Format.encode(command);
    if (encoded.length > commandBytesMax) {
      throw new CommandTooLarge(encoded.length, commandBytesMax);
    }
    return switch (consensus.propose(encoded)) {
      case Outcome.Applied<Reply>(Reply reply) -> reply;
      case Outcome.NotLeader<Reply> _ -> throw noLeader();
      case Outcome.Overloaded<Reply> _ ->
          throw new RegistryUnavailable(
              RegistryUnavailable.Reason.OVERLOADED,
              "too many writes are waiting to be committed; try again later");
      case Outcome.Unknown<Reply>(String reason) ->
          throw new RegistryUnavailable(
              RegistryUnavailable.Reason.OUTCOME_UNKNOWN,
              "the write was not confirmed and may or may not take effect: " + reason);
    };
  }

  /// The state as this server knows it: possibly behind the group's.
  public View localView() {
    return machine.view();
  }

  /// A state that holds every write acknowledged before the call, by any server. Blocks.
  ///
  /// @throws RegistryUnavailable if no leader can vouch for it
  public View view() {
    return switch (consensus.barrier()) {
      case Barrier.Reached _ -> machine.view();
      case Barrier.NoLeader _ -> throw noLeader();
      case Barrier.TimedOut _ -> throw noLeader();
    };
  }

  /// Writes the whole state of a view, as [#restore] takes it once it is compressed.
  public void save(View view, OutputStream out) throws IOException {
    Format.write(view.tables(), out);
  }

  /// Puts a saved state in the place of the present one, on every server at the same place of the
  /// log: all of it or, if anything fails before, nothing. Blocks.
  ///
  /// @param id new for each call
  /// @param saved what [#save] wrote, compressed by gzip
  /// @throws IOException if it is damaged; the message says where
  /// @throws RegistryUnavailable if it could not be committed, or that is not known
  public Reply restore(String id, byte[] saved) throws IOException {
    if (saved.length > Incoming.BYTES_MAX) {
      throw new IOException(
          "the registry's snapshot has %d compressed bytes, at most %d can be restored"
              .formatted(saved.length, Incoming.BYTES_MAX));
    }
    try (InputStream in =
        new BoundedInput(new GZIPInputStream(new ByteArrayInputStream(saved)), savedBytesMax())) {
      Format.readSent(in);
    }
    boolean isOver = false;
    try {
      Reply reply = send(id, saved);
      isOver = reply instanceof Reply.Done;
      return reply;
    } finally {
      if (!isOver) {
        abandon(id);
      }
    }
  }

  /// The most bytes of a saved state, unpacked, that this server takes; a part of the memory that
  /// it has.
  public static long savedBytesMax() {
    return Math.min(Incoming.UNPACKED_BYTES_MAX, Runtime.getRuntime().maxMemory() / 4);
  }

  private void abandon(String id) {
    try {
      submit(new Command.AbandonRestore(id));
    } catch (RegistryUnavailable _) {
      // The parts go by themselves after enough other commands.
    }
  }

  private Reply send(String id, byte[] saved) {
    int parts = 0;
    for (int from = 0; from < saved.length; from += RESTORE_PART_BYTES) {
      byte[] part =
          Arrays.copyOfRange(saved, from, Math.min(saved.length, from + RESTORE_PART_BYTES));
      Reply reply = submit(new Command.RestorePart(id, parts++, part));
      if (!(reply instanceof Reply.Done)) {
        return reply;
      }
    }
    return submit(new Command.Restore(id, parts));
  }

  /// The part of this server in its group.
  public Standing standing() {
    Status status = consensus.status();
    Standing.Role role =
        switch (status.role()) {
          case LEADER -> Standing.Role.LEADER;
          case FOLLOWER -> Standing.Role.FOLLOWER;
          case CANDIDATE -> Standing.Role.CANDIDATE;
        };
    return new Standing(
        role,
        status.leader().map(Peer::address),
        status.peers().stream().map(Peer::address).toList(),
        status.term(),
        status.committedIndex(),
        status.appliedIndex());
  }

  @Override
  public void close() {
    consensus.close();
  }

  private static RegistryUnavailable noLeader() {
    return new RegistryUnavailable(RegistryUnavailable.Reason.NO_LEADER, "No cluster leader");
  }
}
