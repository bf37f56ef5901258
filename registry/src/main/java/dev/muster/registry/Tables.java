package dev.muster.registry;

import dev.muster.registry.autopilot.Autopilot;
import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.entry.Entries;
import dev.muster.registry.event.Events;
import dev.muster.registry.keys.Keys;
import dev.muster.registry.query.Queries;
import dev.muster.registry.session.Sessions;

/// The whole state of the registry. Immutable; two successive states share all that did not
/// change.
///
/// @param index of the last command applied, whether it changed anything or not
/// @param incoming the part that has come so far of a state that is to take this one's place
record Tables(
    long index,
    Catalog catalog,
    Keys keys,
    Sessions sessions,
    Events events,
    Queries queries,
    Entries entries,
    Autopilot autopilot,
    Incoming incoming) {
  static final Tables EMPTY =
      new Tables(
          0,
          Catalog.EMPTY,
          Keys.EMPTY,
          Sessions.EMPTY,
          Events.EMPTY,
          Queries.EMPTY,
          Entries.EMPTY,
          Autopilot.DEFAULT,
          Incoming.NONE);

  /// Wakes everybody who waits for a part of this state, because another one takes its place.
  void abandon() {
    catalog.abandon();
    keys.abandon();
    sessions.abandon();
    events.abandon();
    queries.abandon();
    entries.abandon();
  }
}
