package dev.muster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.consensus.Consensus;
import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.DataFolderException;
import dev.muster.consensus.Outcome;
import dev.muster.consensus.testing.Ledger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whoever starts on a folder that cannot be used is told what, where, and what to do.
@Timeout(60)
class FolderErrorsTest {

  private static final RaftConfig.Snapshots OFTEN =
      new RaftConfig.Snapshots(8 << 10, 0, 4 << 10, 0);

  @TempDir Path folder;

  private Consensus<Long> open() throws IOException {
    return open(RaftConfig.in(folder).withSnapshots(OFTEN));
  }

  private static Consensus<Long> open(RaftConfig config) throws IOException {
    return Consensus.start(new RatisEngine(config), new Ledger(), ConsensusConfig.defaults());
  }

  private void fill(int commands) throws IOException {
    try (var consensus = open()) {
      for (int i = 0; i < commands; i++) {
        assertThat(consensus.propose(new byte[1000])).isInstanceOf(Outcome.Applied.class);
      }
    }
  }

  private Path file(String prefix) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }

  private List<Path> snapshots() throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("snapshot\\.[0-9_]+"))
          .toList();
    }
  }

  private static void flipBit(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aFolderThatCannotBeCreated() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> open(RaftConfig.in(file.resolve("below"))))
        .isInstanceOf(DataFolderException.Unusable.class)
        .hasMessageContaining("file/below")
        .hasMessageContaining("Make it writable");
  }

  @Test
  void aFolderThatIsInUse() throws IOException {
    try (var _ = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(DataFolderException.InUse.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("another server in this process");
    }
    open().close();
  }

  @Test
  void aFolderOfAnotherFormat() throws IOException {
    fill(1);
    Path identity = folder.resolve("identity");
    Files.writeString(identity, Files.readString(identity).replace("format=1", "format=2"));
    assertThatThrownBy(this::open)
        .isInstanceOf(DataFolderException.OtherFormat.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("format 1");
  }

  @Test
  void aFolderWithoutItsIdentity() throws IOException {
    fill(1);
    Files.delete(folder.resolve("identity"));
    assertThatThrownBy(this::open)
        .isInstanceOf(DataFolderException.Corrupt.class)
        .hasMessageContaining("identity");
  }

  @Test
  void aDamagedOpenLog() throws IOException {
    fill(2);
    flipBit(file("log_inprogress_"), 700);
    assertThatThrownBy(this::open).isInstanceOf(DataFolderException.Corrupt.class);
  }

  @Test
  void aDamagedClosedLog() throws IOException {
    var keepAll = new RaftConfig.Snapshots(1 << 20, 1 << 20, 4 << 10, 0);
    try (var consensus = open(RaftConfig.in(folder).withSnapshots(keepAll))) {
      for (int i = 0; i < 20; i++) {
        assertThat(consensus.propose(new byte[1000])).isInstanceOf(Outcome.Applied.class);
      }
    }
    flipBit(file("log_0-"), 700);
    assertThatThrownBy(this::open)
        .isInstanceOf(DataFolderException.Corrupt.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void aDamagedSnapshot() throws IOException {
    fill(50);
    for (Path file : snapshots()) {
      flipBit(file, 100);
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(DataFolderException.Corrupt.class)
        .hasMessageContaining("snapshot.")
        .hasMessageContaining("checksum");
  }

  @Test
  void aSnapshotThatIsGone() throws IOException {
    fill(50);
    for (Path file : snapshots()) {
      Files.delete(file);
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(DataFolderException.Corrupt.class)
        .hasMessageContaining("newest snapshot");
  }

  @Test
  void aPortThatIsTaken() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> open(RaftConfig.in(folder).withAddress("127.0.0.1", port)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:" + port);
    }
    open().close();
  }
}
