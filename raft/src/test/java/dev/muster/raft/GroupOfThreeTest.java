package dev.muster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consensus.Barrier;
import dev.muster.consensus.Consensus;
import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.Outcome;
import dev.muster.consensus.Peer;
import dev.muster.consensus.Role;
import dev.muster.consensus.testing.Ledger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Nothing in the port or the engine assumes that a group is one server.
@Timeout(120)
class GroupOfThreeTest {

  private static final Duration POLL = Duration.ofMillis(5);

  @TempDir Path folder;
  private final List<Member> members = new ArrayList<>();

  private static final class Member {
    private final RaftConfig config;
    private Ledger ledger = new Ledger();
    private Consensus<Long> consensus;

    Member(RaftConfig config) throws IOException {
      this.config = config;
      this.consensus = open();
    }

    private Consensus<Long> open() throws IOException {
      return Consensus.start(new RatisEngine(config), ledger, ConsensusConfig.defaults());
    }

    void reopen() throws IOException {
      ledger = new Ledger();
      consensus = open();
    }

    boolean leads() {
      return consensus.status().role() == Role.LEADER;
    }
  }

  @BeforeEach
  void startAll() throws IOException {
    List<Peer> founders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      founders.add(new Peer(identity(i), "127.0.0.1:" + freePort()));
    }
    for (int i = 0; i < 3; i++) {
      String address = founders.get(i).address();
      members.add(
          new Member(
              RaftConfig.in(folder(i))
                  .withAddress(
                      "127.0.0.1", Integer.parseInt(address.substring(address.indexOf(':') + 1)))
                  .withFounders(founders)
                  .withSnapshots(new RaftConfig.Snapshots(8 << 10, 1 << 20, 4 << 10, 0))));
    }
  }

  @AfterEach
  void stopAll() {
    members.forEach(member -> member.consensus.close());
  }

  private Path folder(int member) {
    return folder.resolve("member" + member);
  }

  private String identity(int member) {
    try (var data = DataFolder.open(folder(member), "member" + member, new SecureRandom())) {
      return data.peerId();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      poll();
    }
  }

  private static void poll() {
    LockSupport.parkNanos(POLL.toNanos());
    if (Thread.interrupted()) {
      throw new IllegalStateException("timed out");
    }
  }

  /// Proposes to whoever leads until it is acknowledged; returns who took it.
  private Member write(String text, List<Member> among) {
    while (true) {
      for (Member member : among) {
        if (member.leads()
            && member.consensus.propose(Ledger.command(text)) instanceof Outcome.Applied) {
          return member;
        }
      }
      poll();
    }
  }

  @Test
  void theLeaderServesAndTheOthersSayWhoItIs() {
    Member leader = write("first", members);
    assertThat(leader.consensus.barrier()).isInstanceOf(Barrier.Reached.class);
    assertThat(leader.ledger.lines()).containsExactly("first");
    for (Member member : members) {
      until(() -> member.ledger.size() == 1);
      assertThat(member.consensus.status().peers()).hasSize(3);
      if (member != leader) {
        until(() -> member.consensus.status().leader().isPresent());
        assertThat(member.consensus.propose(Ledger.command("no")))
            .isInstanceOf(Outcome.NotLeader.class);
        assertThat(member.consensus.barrier()).isInstanceOf(Barrier.NoLeader.class);
      }
    }
  }

  @Test
  void anotherLeaderTakesOverWithAllThatWasAcknowledged() throws IOException {
    Member first = null;
    for (int i = 0; i < 20; i++) {
      first = write("a" + i, members);
    }
    first.consensus.close();
    Member gone = first;
    List<Member> rest = members.stream().filter(member -> member != gone).toList();
    Member second = write("b", rest);
    assertThat(second.ledger.lines()).hasSizeGreaterThanOrEqualTo(21).contains("a19").endsWith("b");
    gone.reopen();
    until(() -> gone.ledger.lines().equals(second.ledger.lines()));
    write("c", members);
    until(() -> gone.ledger.lines().contains("c"));
  }

  @Test
  void aMemberThatWasAwayForLongGetsASnapshot() throws IOException {
    Member leader = write("x", members);
    Member away = members.stream().filter(member -> member != leader).findFirst().orElseThrow();
    away.consensus.close();
    List<Member> rest = members.stream().filter(member -> member != away).toList();
    for (int i = 0; i < 100; i++) {
      write(i + "y".repeat(500), rest);
    }
    away.reopen();
    until(() -> away.ledger.lines().equals(leader.ledger.lines()));
    assertThat(away.ledger.batchSizes()).hasSizeLessThan(100);
    write("z", members);
    until(() -> away.ledger.lines().contains("z"));
  }
}
