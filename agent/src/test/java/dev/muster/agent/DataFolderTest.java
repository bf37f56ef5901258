package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.consensus.DataFolderException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a server keeps from one start to the next.
class DataFolderTest {
  @Test
  void theKeyOfSessionCookiesIsDrawnOnce(@TempDir Path path) throws Exception {
    DataFolder folder = DataFolder.at(path);
    byte[] first = folder.sessionKey(new SplittableRandom(1));
    assertThat(first).hasSize(32);
    assertThat(DataFolder.at(path).sessionKey(new SplittableRandom(2))).isEqualTo(first);
    assertThat(Files.getPosixFilePermissions(path.resolve("balancer-session.key"))).hasSize(2);
    assertThat(path.toFile().list()).containsExactly("balancer-session.key");
  }

  @Test
  void aKeyThatIsNoneIsTold(@TempDir Path path) throws Exception {
    for (String broken : new String[] {"", "00ff", "not a key"}) {
      Files.writeString(path.resolve("balancer-session.key"), broken);
      assertThatThrownBy(() -> DataFolder.at(path).sessionKey(new SplittableRandom(1)))
          .isInstanceOf(DataFolderException.Corrupt.class)
          .hasMessageContaining("balancer-session.key");
    }
  }
}
