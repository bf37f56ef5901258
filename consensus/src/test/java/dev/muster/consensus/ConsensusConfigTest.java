package dev.muster.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.consensus.ConsensusConfig.Batching;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConsensusConfigTest {

  @Test
  void hasTheseDefaults() {
    ConsensusConfig config = ConsensusConfig.defaults();
    assertThat(config.proposeTimeout()).hasSeconds(5);
    assertThat(config.barrierTimeout()).hasSeconds(5);
    assertThat(config.commandBytesMax()).isEqualTo(1 << 20);
    assertThat(config.queueCommandsMax()).isEqualTo(16384);
    assertThat(config.queueBytesMax()).isEqualTo(64 << 20);
    assertThat(config.batching()).isEqualTo(new Batching(256, 256 << 10, Duration.ofMillis(1), 8));
  }

  @Test
  void namesAllProblemsTogether() {
    assertThatThrownBy(
            () ->
                ConsensusConfig.defaults()
                    .withBatching(new Batching(0, 0, Duration.ofMillis(-1), 99)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("commandsMax")
        .hasMessageContaining("bytesMax")
        .hasMessageContaining("linger")
        .hasMessageContaining("entriesInFlightMax must be 1 to 32");
  }
}
