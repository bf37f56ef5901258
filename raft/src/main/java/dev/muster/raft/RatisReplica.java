package dev.muster.raft;

import dev.muster.consensus.AtomicFile;
import dev.muster.consensus.Replica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The replica, dressed as Ratis wants a state machine to be.
///
/// Ratis calls it from its applying thread, except for what says otherwise.
final class RatisReplica extends BaseStateMachine {

  private static final Logger LOG = LoggerFactory.getLogger(RatisReplica.class);

  private static final Duration SNAPSHOT_TIMEOUT = Duration.ofSeconds(30);

  private final Replica replica;
  private final LogSnapshots snapshots;
  private final LongConsumer onAccepted;
  private final Runnable onLeaderReady;
  private volatile boolean isSaveWanted;
  private volatile boolean isStopping;
  private volatile boolean hasFailed;

  /// @param onAccepted told the call id of each request that may enter the log from now on
  /// @param onLeaderReady told when this server leads and takes requests
  RatisReplica(
      Replica replica, long snapshotLogBytes, LongConsumer onAccepted, Runnable onLeaderReady) {
    this.replica = replica;
    this.snapshots = new LogSnapshots(snapshotLogBytes, replica, this::requestSnapshot);
    this.onAccepted = onAccepted;
    this.onLeaderReady = onLeaderReady;
  }

  /// Bytes of entries that a start would have to apply; for any thread.
  long unsavedBytes() {
    return snapshots.unsavedBytes();
  }

  /// Captures what is applied by then, writes it and waits for that. For any thread but Ratis' own.
  void save() throws InterruptedException {
    isSaveWanted = true;
    try {
      requestSnapshot().get(SNAPSHOT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("No snapshot was taken; the next start reads the log", e);
    }
  }

  /// Whether the replica threw, so that what it holds must not be saved. For any thread.
  boolean hasFailed() {
    return hasFailed;
  }

  /// Says that the shut-down to come is wanted. For any thread.
  void expectShutdown() {
    isStopping = true;
  }

  /// Has Ratis call [#takeSnapshot], and forget the log up to the index that this returns.
  private CompletableFuture<RaftClientReply> requestSnapshot() {
    RaftServer server = getServer().join();
    return server.snapshotManagementAsync(
        SnapshotManagementRequest.newCreate(
            ClientId.randomId(), server.getId(), getGroupId(), 0, SNAPSHOT_TIMEOUT.toMillis(), 1));
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    getLifeCycle().startAndTransition(() -> restore(storage), IOException.class);
  }

  /// After a snapshot came from the leader and Ratis put it in place without making it durable.
  @Override
  public void reinitialize() throws IOException {
    RaftServer.Division division = getServer().join().getDivision(getGroupId());
    snapshots.syncReceived(division.getRaftStorage());
    getLifeCycle().startAndTransition(() -> restore(division.getRaftStorage()), IOException.class);
  }

  private void restore(RaftStorage storage) throws IOException {
    setLastAppliedTermIndex(snapshots.restore(storage));
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  /// On a thread of the caller's, before the entry is appended; a request that was refused without
  /// having come here is in no log.
  @Override
  public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
    onAccepted.accept(request.getCallId());
    return super.startTransaction(request);
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    TermIndex at = TermIndex.valueOf(entry);
    unlessFailed(
        () -> {
          byte[] bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
          replica.apply(at.getIndex(), bytes);
          updateLastAppliedTermIndex(at);
          snapshots.applied(at, bytes.length);
        });
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  /// Ratis' own entries: members and the like.
  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    unlessFailed(
        () -> {
          super.notifyTermIndexUpdated(term, index);
          replica.advance(index);
        });
  }

  /// Nothing happens after a failure. Ratis is not told of it: whoever closes a server whose state
  /// machine has thrown waits for ever if that comes first.
  private void unlessFailed(Runnable step) {
    if (hasFailed) {
      return;
    }
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      hasFailed = true;
      replica.failed(e);
    }
  }

  /// Ratis may forget the log up to the result. It is asked again after each finished snapshot.
  @Override
  public long takeSnapshot() {
    if (isSaveWanted && !hasFailed) {
      isSaveWanted = false;
      snapshots.save(getLastAppliedTermIndex());
    }
    return snapshots.finishedIndex();
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return snapshots.storage();
  }

  /// Ratis renames its file of term and vote into place without making the name durable; whenever
  /// a vote was decided this does it, before the new leader has acknowledged anything.
  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    syncVote();
  }

  @Override
  public void notifyLeaderReady() {
    syncVote();
    onLeaderReady.run();
  }

  private void syncVote() {
    try {
      RaftServer server = getServer().getNow(null);
      if (server != null) {
        Path folder =
            server
                .getDivision(getGroupId())
                .getRaftStorage()
                .getStorageDir()
                .getCurrentDir()
                .toPath();
        AtomicFile.sync(folder);
      }
    } catch (IOException e) {
      LOG.warn("The vote of this server could not be made durable", e);
    }
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    replica.failed(cause);
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
    if (!isStopping) {
      replica.failed(new IllegalStateException("Ratis closed the server by itself, see its log"));
    }
  }
}
