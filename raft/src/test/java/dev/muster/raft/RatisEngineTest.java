package dev.muster.raft;

import dev.muster.consensus.Engine;
import dev.muster.consensus.testing.EngineContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Ratis passes what every engine must pass.
class RatisEngineTest extends EngineContract {

  @Override
  protected Engine engine(Path folder) {
    return new RatisEngine(
        RaftConfig.in(folder)
            .withSnapshots(new RaftConfig.Snapshots(SNAPSHOT_BYTES, 4 << 10, 4 << 10, 0)));
  }

  /// Log files hold four entries of the test that looks at this, so that this is entries or less.
  @Override
  protected long logSize(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("log_")).count() * 4;
    }
  }
}
