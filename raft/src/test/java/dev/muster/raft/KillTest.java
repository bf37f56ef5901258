package dev.muster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consensus.Barrier;
import dev.muster.consensus.Consensus;
import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.Outcome;
import dev.muster.consensus.testing.Ledger;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed while it writes keeps all that it acknowledged, each command once.
@Timeout(120)
class KillTest {

  private static final int ROUNDS = 4;
  private static final int WRITERS = 16;
  private static final int ACKNOWLEDGED_BEFORE_KILL = 400;
  private static final String FILLING = "-".repeat(2000);

  @TempDir Path folder;

  private static Consensus<Long> open(Path folder, Ledger ledger) throws IOException {
    var snapshots = new RaftConfig.Snapshots(500 << 10, 1 << 20, 256 << 10, 0);
    return Consensus.start(
        new RatisEngine(RaftConfig.in(folder).withSnapshots(snapshots)),
        ledger,
        ConsensusConfig.defaults());
  }

  /// Proposes numbered commands for ever and prints the numbers that were acknowledged.
  static final class Server {
    private Server() {}

    public static void main(String[] arguments) throws IOException {
      Consensus<Long> consensus = open(Path.of(arguments[0]), new Ledger());
      for (int writer = 0; writer < WRITERS; writer++) {
        String prefix = arguments[1] + "/" + writer + "/";
        Thread.ofPlatform().start(() -> write(consensus, prefix));
      }
    }

    private static void write(Consensus<Long> consensus, String prefix) {
      for (int number = 0; ; number++) {
        String name = prefix + number;
        if (consensus.propose(Ledger.command(name + FILLING)) instanceof Outcome.Applied) {
          System.out.println(name);
        }
      }
    }
  }

  private Process server(int round) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            Server.class.getName(),
            folder.toString(),
            String.valueOf(round))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void keepsWhatItAcknowledged() throws Exception {
    Set<String> acknowledged = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Process server = server(round);
      try (BufferedReader acks = server.inputReader(StandardCharsets.UTF_8)) {
        int count = 0;
        for (String ack = acks.readLine(); ack != null; ack = acks.readLine()) {
          acknowledged.add(ack);
          if (++count == ACKNOWLEDGED_BEFORE_KILL + 97 * round) {
            server.toHandle().destroyForcibly(); // unlike the process, leaves its output readable
          }
        }
        assertThat(count).as("round %s", round).isGreaterThanOrEqualTo(ACKNOWLEDGED_BEFORE_KILL);
      } finally {
        server.destroyForcibly().waitFor();
      }
    }
    var ledger = new Ledger();
    try (var consensus = open(folder, ledger)) {
      assertThat(consensus.barrier()).isInstanceOf(Barrier.Reached.class);
      List<String> kept = new ArrayList<>();
      for (String line : ledger.lines()) {
        assertThat(line).endsWith(FILLING);
        kept.add(line.substring(0, line.length() - FILLING.length()));
      }
      assertThat(kept).doesNotHaveDuplicates().containsAll(acknowledged);
    }
  }
}
