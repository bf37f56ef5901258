package dev.muster.consensus;

import dev.muster.consensus.testing.EngineContract;
import dev.muster.consensus.testing.InMemoryEngine;
import java.nio.file.Path;

/// The fake keeps the promises that it is used to test others against.
class InMemoryEngineTest extends EngineContract {

  private final InMemoryEngine.Disk disk = new InMemoryEngine.Disk();

  @Override
  protected Engine engine(Path folder) {
    return new InMemoryEngine(disk, 16);
  }

  @Override
  protected long logSize(Path folder) {
    return disk.size();
  }
}
