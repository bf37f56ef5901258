package dev.muster.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

  private static final Envelope THREE =
      new Envelope(new UUID(3, 4), 5, List.of(new byte[] {1, 2}, new byte[0], new byte[] {3}));

  @Test
  void comesBackAsItWas() {
    Envelope read = Envelope.decode(THREE.encode());
    assertThat(read.proposer()).isEqualTo(THREE.proposer());
    assertThat(read.sequence()).isEqualTo(THREE.sequence());
    assertThat(read.commands()).containsExactlyElementsOf(THREE.commands());
  }

  @Test
  void keepsItsFormat() {
    assertThat(THREE.encode())
        .startsWith(1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4)
        .endsWith(0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 3);
  }

  @Test
  void refusesEveryOtherLength() {
    byte[] whole = THREE.encode();
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Envelope.decode(part)).isInstanceOf(RuntimeException.class);
    }
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    assertThatThrownBy(() -> Envelope.decode(longer)).isInstanceOf(Invariant.Broken.class);
  }

  @Test
  void refusesAFormatOfTheFuture() {
    byte[] entry = THREE.encode();
    entry[0] = 2;
    assertThatThrownBy(() -> Envelope.decode(entry))
        .isInstanceOf(Invariant.Broken.class)
        .hasMessageContaining("update this server");
  }
}
