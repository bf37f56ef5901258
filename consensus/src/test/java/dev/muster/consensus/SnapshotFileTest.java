package dev.muster.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {

  private static final byte[] CONTENT = {10, 20, 30, 40, 50};

  @TempDir Path folder;

  private Path written() throws IOException {
    Path file = folder.resolve("snapshot");
    SnapshotFile.write(file, out -> out.write(CONTENT));
    return file;
  }

  @Test
  void givesBackWhatWasWritten() throws IOException {
    try (InputStream in = SnapshotFile.open(written())) {
      assertThat(in.readAllBytes()).isEqualTo(CONTENT);
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void refusesEveryFlippedBit() throws IOException {
    Path file = written();
    byte[] bytes = Files.readAllBytes(file);
    for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      Files.write(file, changed);
      assertThatThrownBy(() -> SnapshotFile.open(file)).isInstanceOf(DataFolderException.class);
    }
  }

  @Test
  void refusesEveryOtherLength() throws IOException {
    Path file = written();
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length++) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> SnapshotFile.open(file))
          .isInstanceOf(DataFolderException.Corrupt.class);
    }
  }

  @Test
  void keepsTheOldFileIfTheNewOneCannotBeWritten() throws IOException {
    Path file = written();
    assertThatThrownBy(
            () ->
                SnapshotFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("on purpose");
                    }))
        .hasMessage("on purpose");
    try (InputStream in = SnapshotFile.open(file)) {
      assertThat(in.readAllBytes()).isEqualTo(CONTENT);
    }
  }
}
