package dev.muster.registry;

import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.catalog.CatalogChange;
import dev.muster.registry.keys.Keys;
import dev.muster.registry.keys.KeysChange;
import dev.muster.registry.session.Sessions;
import dev.muster.registry.session.SessionsChange;
import dev.muster.registry.tree.Step;

/// Builds the tables from the lines of a snapshot.
final class Loading {
  private final long index;
  private final CatalogChange catalog;
  private final KeysChange keys;
  private final SessionsChange sessions;

  Loading(Format.Header header) {
    index = header.index();
    Step unwatched = Step.unwatched(index);
    catalog = new CatalogChange(Catalog.empty(header.catalog()), unwatched);
    keys = new KeysChange(Keys.empty(header.keys()), unwatched);
    sessions =
        new SessionsChange(
            header.sessions() == null ? Sessions.EMPTY : Sessions.empty(header.sessions()),
            unwatched);
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
  }

  Tables tables() {
    return new Tables(index, catalog.catalog(), keys.keys(), sessions.sessions());
  }
}
