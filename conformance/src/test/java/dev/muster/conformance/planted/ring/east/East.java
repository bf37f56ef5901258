package dev.muster.conformance.planted.ring.east;

import dev.muster.conformance.planted.ring.west.West;

/// One half of a cycle of packages.
public class East {
  West opposite() {
    return new West();
  }
}
