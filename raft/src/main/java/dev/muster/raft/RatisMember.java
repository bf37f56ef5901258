package dev.muster.raft;

import dev.muster.consensus.Confirmation;
import dev.muster.consensus.DataFolderException;
import dev.muster.consensus.Peer;
import dev.muster.consensus.Replica;
import dev.muster.consensus.Role;
import dev.muster.consensus.Status;
import dev.muster.consensus.Submission;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.ExitUtils;
import org.jspecify.annotations.Nullable;

/// A running member of a Raft group: one Ratis server with one group, and the folder it owns.
///
/// Safe for all threads.
final class RatisMember implements AutoCloseable {

  private static final RaftGroupId GROUP =
      RaftGroupId.valueOf(UUID.nameUUIDFromBytes("muster".getBytes(StandardCharsets.UTF_8)));

  private final RaftConfig config;
  private final DataFolder folder;
  private final RaftPeerId id;
  private final RatisReplica replica;
  private final RaftServer server;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();

  /// Call ids of unanswered requests that may have entered the log.
  private final Set<Long> accepted = ConcurrentHashMap.newKeySet();

  private final CountDownLatch leaderReady = new CountDownLatch(1);
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /// Known once the server listens.
  private volatile int port;

  private RatisMember(RaftConfig config, DataFolder folder, Replica replica) throws IOException {
    this.config = config;
    this.folder = folder;
    this.id = RaftPeerId.valueOf(folder.peerId());
    this.replica =
        new RatisReplica(
            replica, config.snapshots().logBytes(), accepted::add, leaderReady::countDown);
    this.server =
        RaftServer.newBuilder()
            .setServerId(id)
            .setGroup(RaftGroup.valueOf(GROUP, founders(config, folder)))
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setStateMachine(this.replica)
            .setProperties(RatisSettings.of(config, folder.log()))
            .build();
  }

  /// Starts a member, which owns the folder if this succeeds.
  static RatisMember start(RaftConfig config, DataFolder folder, Replica replica)
      throws IOException {
    ExitUtils.disableSystemExit(); // Ratis would end the process where it can throw
    var member = new RatisMember(config, folder, replica);
    boolean started = false;
    try {
      member.server.start();
      member.port = member.server.getServerRpc().getInetSocketAddress().getPort();
      member.checkLogIsWhole();
      if (member.isSoleVoter()) {
        member.awaitLeadership();
      }
      started = true;
      return member;
    } finally {
      if (!started) {
        member.stop();
      }
    }
  }

  private static List<RaftPeer> founders(RaftConfig config, DataFolder folder) {
    if (config.founders().isEmpty()) {
      return List.of(peer(new Peer(folder.peerId(), config.host() + ":" + config.port())));
    }
    if (config.founders().stream().noneMatch(peer -> peer.id().equals(folder.peerId()))) {
      throw new IllegalArgumentException(
          "%s is not among the founders %s".formatted(folder.peerId(), config.founders()));
    }
    return config.founders().stream().map(RatisMember::peer).toList();
  }

  private static RaftPeer peer(Peer peer) {
    return RaftPeer.newBuilder().setId(peer.id()).setAddress(peer.address()).build();
  }

  private RaftServer.Division division() {
    try {
      return server.getDivision(GROUP);
    } catch (IOException e) {
      throw new IllegalStateException("the only group is gone", e);
    }
  }

  /// Ratis would wait for ever for the entries between a lost snapshot and a shortened log.
  private void checkLogIsWhole() {
    long firstInLog = division().getRaftLog().getStartIndex();
    long applied = replica.getLastAppliedTermIndex().getIndex();
    if (firstInLog > applied + 1) {
      throw new DataFolderException.Corrupt(
          folder.path(),
          "the log begins at %s, but the newest snapshot ends at %s"
              .formatted(firstInLog, applied));
    }
  }

  private void awaitLeadership() throws IOException {
    try {
      long millis = config.elections().startTimeout().toMillis();
      if (!leaderReady.await(millis, TimeUnit.MILLISECONDS)) {
        throw new IOException("no leader after " + config.elections().startTimeout());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting to lead", e);
    }
  }

  void submit(byte[] entry, Consumer<Submission> done) {
    long call = calls.incrementAndGet();
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(id)
            .setGroupId(GROUP)
            .setCallId(call)
            .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    try {
      server
          .submitClientRequestAsync(request)
          .whenComplete((reply, failure) -> done.accept(answer(call, reply, failure)));
    } catch (IOException e) {
      done.accept(answer(call, null, e));
    }
  }

  /// A refusal is only certain if the request never came near the log: Ratis says "not leader"
  /// also of entries that the next leader may yet commit.
  private Submission answer(
      long call, @Nullable RaftClientReply reply, @Nullable Throwable failure) {
    boolean mayBeInLog = accepted.remove(call);
    if (reply != null && reply.isSuccess()) {
      return new Submission.Committed();
    }
    Throwable cause = reply == null ? failure : reply.getException();
    if (mayBeInLog) {
      return new Submission.Unknown("" + cause);
    }
    return switch (cause) {
      case ResourceUnavailableException _ -> new Submission.Overloaded();
      case NotLeaderException elsewhere ->
          new Submission.NotLeader(
              Optional.ofNullable(elsewhere.getSuggestedLeader()).map(this::peer));
      case null, default -> new Submission.NotLeader(Optional.empty());
    };
  }

  /// Without a question to others only where there are no others: the sole voter is the only one
  /// who can commit, so it knows all that was ever acknowledged.
  Confirmation confirm() {
    DivisionInfo info = division().getInfo();
    if (!info.isLeaderReady()) {
      return new Confirmation.NoLeader();
    }
    return isSoleVoter()
        ? new Confirmation.Confirmed(division().getRaftLog().getLastCommittedIndex())
        : new Confirmation.NeedsEntry();
  }

  private boolean isSoleVoter() {
    RaftConfiguration members = division().getRaftConf();
    return isOnlyMe(members.getCurrentPeers())
        && (members.getPreviousPeers().isEmpty() || isOnlyMe(members.getPreviousPeers()));
  }

  private boolean isOnlyMe(Collection<RaftPeer> peers) {
    return peers.size() == 1 && peers.iterator().next().getId().equals(id);
  }

  Status status() {
    DivisionInfo info = division().getInfo();
    Collection<RaftPeer> peers = division().getRaftConf().getCurrentPeers();
    RaftPeerId leader = info.getLeaderId();
    return new Status(
        id.toString(),
        role(info),
        peers.stream().filter(peer -> peer.getId().equals(leader)).map(this::peer).findFirst(),
        info.getCurrentTerm(),
        division().getRaftLog().getLastCommittedIndex(),
        info.getLastAppliedIndex(),
        peers.stream().map(this::peer).toList());
  }

  private static Role role(DivisionInfo info) {
    if (info.isLeader()) {
      return Role.LEADER;
    }
    return info.isCandidate() ? Role.CANDIDATE : Role.FOLLOWER;
  }

  /// This server's own address is the one it listens on now, whatever the group remembers.
  private Peer peer(RaftPeer peer) {
    if (!peer.getId().equals(id)) {
      return new Peer(peer.getId().toString(), peer.getAddress());
    }
    return new Peer(id.toString(), config.host() + ":" + port);
  }

  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (division().getInfo().isAlive()
          && !replica.hasFailed()
          && replica.unsavedBytes() > config.snapshots().closeBytes()) {
        replica.save();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      stop();
      folder.close();
    }
  }

  private void stop() {
    replica.expectShutdown();
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException("Ratis did not stop", e);
    }
  }
}
