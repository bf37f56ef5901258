package dev.muster.conformance.planted.libraries.consensus;

import org.assertj.core.api.Assertions;

class Asserts {
  void forbidden() {
    Assertions.assertThat(true).isTrue();
  }
}
