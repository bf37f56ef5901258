package dev.muster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.consensus.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaftConfigTest {

  private static final RaftConfig DEFAULTS = RaftConfig.in(Path.of("data"));

  @Test
  void hasTheseDefaults() {
    assertThat(DEFAULTS.name()).isEqualTo("server");
    assertThat(DEFAULTS.host()).isEqualTo("127.0.0.1");
    assertThat(DEFAULTS.port()).isZero();
    assertThat(DEFAULTS.founders()).isEmpty();
    assertThat(DEFAULTS.elections())
        .isEqualTo(
            new RaftConfig.Elections(
                Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofSeconds(30)));
    assertThat(DEFAULTS.snapshots())
        .isEqualTo(new RaftConfig.Snapshots(64 << 20, 1 << 20, 8 << 20, 256));
  }

  @Test
  void namesAllProblemsTogether() {
    var zero = new RaftConfig.Elections(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    var tiny = new RaftConfig.Snapshots(0, -1, 1, -1);
    assertThatThrownBy(
            () ->
                new RaftConfig(
                    Path.of("data"), "a b", " ", -1, List.of(), zero, tiny, DEFAULTS.random()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("name", "host", "port", "timeoutMin", "timeoutMax")
        .hasMessageContainingAll("logBytes", "closeBytes", "segmentBytes", "entriesKept");
  }

  @Test
  void wantsAPortThatOthersCanRemember() {
    var founders = List.of(new Peer("a", "127.0.0.1:1"), new Peer("b", "127.0.0.1:2"));
    assertThatThrownBy(() -> DEFAULTS.withFounders(founders))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("port");
  }
}
