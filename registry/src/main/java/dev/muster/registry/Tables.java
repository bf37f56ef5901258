package dev.muster.registry;

import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.keys.Keys;
import dev.muster.registry.session.Sessions;

/// The whole state of the registry. Immutable; two successive states share all that did not
/// change.
///
/// @param index of the last command applied, whether it changed anything or not
record Tables(long index, Catalog catalog, Keys keys, Sessions sessions) {
  static final Tables EMPTY = new Tables(0, Catalog.EMPTY, Keys.EMPTY, Sessions.EMPTY);

  /// Wakes everybody who waits for a part of this state, because another one takes its place.
  void abandon() {
    catalog.abandon();
    keys.abandon();
    sessions.abandon();
  }
}
