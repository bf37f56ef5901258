package dev.muster.registry;

import dev.muster.registry.autopilot.Autopilot;
import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.catalog.CatalogChange;
import dev.muster.registry.entry.Entries;
import dev.muster.registry.entry.EntriesChange;
import dev.muster.registry.event.Events;
import dev.muster.registry.event.EventsChange;
import dev.muster.registry.keys.Keys;
import dev.muster.registry.keys.KeysChange;
import dev.muster.registry.query.Queries;
import dev.muster.registry.query.QueriesChange;
import dev.muster.registry.session.Sessions;
import dev.muster.registry.session.SessionsChange;
import dev.muster.registry.tree.Step;

/// Builds the tables from the lines of a snapshot.
final class Loading {
  private final long index;
  private final CatalogChange catalog;
  private final KeysChange keys;
  private final SessionsChange sessions;
  private final EventsChange events;
  private final QueriesChange queries;
  private final EntriesChange entries;
  private final Autopilot autopilot;
  private Incoming incoming = Incoming.NONE;

  Loading(Format.Header header) {
    index = header.index();
    Step unwatched = Step.unwatched(index);
    catalog = new CatalogChange(Catalog.empty(header.catalog()), unwatched);
    keys = new KeysChange(Keys.empty(header.keys()), unwatched);
    sessions =
        new SessionsChange(
            header.sessions() == null ? Sessions.EMPTY : Sessions.empty(header.sessions()),
            unwatched);
    events =
        new EventsChange(
            header.events() == null ? Events.EMPTY : Events.empty(header.events()), unwatched);
    queries =
        new QueriesChange(
            header.queries() == null ? Queries.EMPTY : Queries.empty(header.queries()), unwatched);
    entries =
        new EntriesChange(
            header.entries() == null ? Entries.EMPTY : Entries.empty(header.entries()), unwatched);
    autopilot = header.autopilot() == null ? Autopilot.DEFAULT : header.autopilot();
  }

  void add(Format.Line line) {
    if (line.node() != null) {
      catalog.load(line.node());
    }
    if (line.service() != null) {
      catalog.load(line.service());
    }
    if (line.check() != null) {
      catalog.load(line.check());
    }
    if (line.serviceIndex() != null) {
      catalog.loadServiceIndex(line.serviceIndex().key(), line.serviceIndex().index());
    }
    if (line.key() != null) {
      keys.load(line.key());
    }
    if (line.tombstone() != null) {
      keys.loadTombstone(line.tombstone().key(), line.tombstone().index());
    }
    if (line.session() != null) {
      sessions.load(line.session());
    }
    if (line.lockDelay() != null) {
      sessions.load(line.lockDelay());
    }
    if (line.event() != null) {
      events.load(line.event());
    }
    if (line.query() != null) {
      queries.load(line.query());
    }
    if (line.entry() != null) {
      entries.load(line.entry());
    }
    if (line.incoming() != null) {
      incoming =
          incoming
              .with(
                  line.incoming().id(),
                  line.incoming().number(),
                  line.incoming().bytes(),
                  line.incoming().index())
              .orElseThrow(() -> new IllegalStateException("not the next part of a restore"));
    }
  }

  Tables tables() {
    return new Tables(
        index,
        catalog.catalog(),
        keys.keys(),
        sessions.sessions(),
        events.events(),
        queries.queries(),
        entries.entries(),
        autopilot,
        incoming);
  }
}
