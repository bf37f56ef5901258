package dev.muster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.consensus.DataFolderException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

  private static final int ENTRY_BYTES = 2000;

  @TempDir Path folder;
  private Path file;
  private byte[] log = new byte[0];

  /// Three entries, filled up with zeros.
  @BeforeEach
  void writeLog() throws IOException {
    file = Files.createDirectories(folder.resolve("group/current")).resolve("log_inprogress_0");
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    for (int i = 1; i <= 3; i++) {
      byte[] entry = new byte[ENTRY_BYTES + 2];
      Arrays.fill(entry, (byte) i);
      entry[0] = (byte) (ENTRY_BYTES & 0x7f | 0x80);
      entry[1] = (byte) (ENTRY_BYTES >> 7);
      var checksum = new CRC32C();
      checksum.update(entry);
      out.write(entry);
      out.writeInt((int) checksum.getValue());
    }
    out.write(new byte[5000]);
    log = bytes.toByteArray();
  }

  /// Where the entry with this number, beginning at 0, starts.
  private static int start(int entry) {
    return 8 + entry * (2 + ENTRY_BYTES + 4);
  }

  private long sizeAfterRepair() throws IOException {
    Files.write(file, log);
    LogTail.repair(folder);
    return Files.size(file);
  }

  private void zero(int from, int to) {
    Arrays.fill(log, from, to, (byte) 0);
  }

  @Test
  void leavesAWholeLogAlone() throws IOException {
    assertThat(sizeAfterRepair()).isEqualTo(log.length);
    assertThat(file).hasBinaryContent(log);
  }

  @Test
  void dropsTheLastEntryWhereverItWasCutOff() throws IOException {
    for (int at = start(2) + 1; at < start(3) - 3; at += 37) {
      writeLog();
      zero(at, start(3));
      assertThat(sizeAfterRepair()).as("cut off at %s", at).isEqualTo(start(2));
    }
  }

  @Test
  void dropsTheLastEntryIfTheFileEndsInIt() throws IOException {
    log = Arrays.copyOf(log, start(2) + 100);
    assertThat(sizeAfterRepair()).isEqualTo(start(2));
  }

  @Test
  void dropsTheLastEntryIfASectorOfItIsMissing() throws IOException {
    int sector = (start(2) / 512 + 1) * 512;
    zero(sector, sector + 512);
    assertThat(sizeAfterRepair()).isEqualTo(start(2));
  }

  @Test
  void refusesALastEntryWithAnotherBit() throws IOException {
    log[start(2) + 777] ^= 1;
    assertThatThrownBy(this::sizeAfterRepair).isInstanceOf(DataFolderException.Corrupt.class);
    assertThat(file).hasBinaryContent(log);
  }

  @Test
  void refusesAHoleBeforeWholeEntries() {
    zero(start(1), start(2));
    assertThatThrownBy(this::sizeAfterRepair)
        .isInstanceOf(DataFolderException.Corrupt.class)
        .hasMessageContaining("log_inprogress_0")
        .hasMessageContaining(String.valueOf(start(1)));
  }

  @Test
  void refusesADamagedEntryInTheMiddle() {
    zero(start(1) + 500, start(2));
    assertThatThrownBy(this::sizeAfterRepair).isInstanceOf(DataFolderException.Corrupt.class);
  }
}
