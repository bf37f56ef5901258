package dev.muster.conformance.planted.ring.west;

import dev.muster.conformance.planted.ring.east.East;

/// The other half.
public record West(East opposite) {
  /// Faces nobody.
  public West() {
    this(new East());
  }
}
