package dev.muster.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.registry.tree.WatchSet;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RegistryTest {
  private final InMemoryEngine.Disk disk = new InMemoryEngine.Disk();
  private final InMemoryEngine engine = new InMemoryEngine(disk, 10);
  private Registry registry;

  @BeforeEach
  void start() throws IOException {
    registry = Registry.start(engine, ConsensusConfig.defaults());
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void whatIsSubmittedIsRead() {
    assertThat(registry.submit(Machine.put("k", "v"))).isEqualTo(new Reply.Done(1));
    assertThat(registry.view().keys().key("k", new WatchSet()).isAbsent()).isFalse();
    assertThat(registry.submit(Machine.put("k", "w", 0L))).isEqualTo(new Reply.Unmet());
  }

  @Test
  void everythingIsThereAfterARestart() throws IOException {
    for (int i = 0; i < 25; i++) {
      registry.submit(Machine.put("k" + i, "v"));
    }
    registry.close();
    registry = Registry.start(new InMemoryEngine(disk, 10), ConsensusConfig.defaults());
    assertThat(registry.view().keys().under("k", new WatchSet()).value()).hasSize(25);
    assertThat(registry.view().index()).isEqualTo(25);
  }

  @Test
  void anEntryThatIsInTheLogTwiceCountsOnce() {
    engine.repeatEntries();
    registry.submit(Machine.put("k", "v", 0L));
    registry.submit(Machine.put("l", "v", 0L));
    assertThat(registry.view().index()).isEqualTo(2);
  }

  @Test
  void withoutALeaderThereAreNoWritesAndNoFreshReads() {
    registry.submit(Machine.put("k", "v"));
    engine.demote();
    assertThatThrownBy(() -> registry.submit(Machine.put("k", "w")))
        .isInstanceOf(RegistryUnavailable.class)
        .hasMessage("No cluster leader")
        .extracting(it -> ((RegistryUnavailable) it).reason())
        .isEqualTo(RegistryUnavailable.Reason.NO_LEADER);
    assertThatThrownBy(() -> registry.view()).isInstanceOf(RegistryUnavailable.class);
    assertThat(registry.localView().keys().key("k", new WatchSet()).isAbsent()).isFalse();
  }
}
