package dev.muster.registry;

import dev.muster.registry.autopilot.Autopilot;
import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.entry.Entries;
import dev.muster.registry.event.Events;
import dev.muster.registry.keys.Keys;
import dev.muster.registry.query.Queries;
import dev.muster.registry.session.Sessions;

/// The registry at one moment: immutable, free to read from any thread for as long as it is held.
public final class View {
  private final Tables tables;
  private final long restores;

  View(Tables tables, long restores) {
    this.tables = tables;
    this.restores = restores;
  }

  /// The index of the last command applied.
  public long index() {
    return tables.index();
  }

  /// How often, since this server started, a saved state took the place of all. Between views of
  /// different numbers indexes mean nothing.
  public long restores() {
    return restores;
  }

  public Catalog catalog() {
    return tables.catalog();
  }

  public Keys keys() {
    return tables.keys();
  }

  public Sessions sessions() {
    return tables.sessions();
  }

  public Events events() {
    return tables.events();
  }

  public Queries queries() {
    return tables.queries();
  }

  public Entries entries() {
    return tables.entries();
  }

  public Autopilot autopilot() {
    return tables.autopilot();
  }

  /// Tries a transaction on this state and keeps nothing of it: for those that only read.
  public Reply attempt(Command.Transaction transaction) {
    return new Change(tables).apply(transaction);
  }

  Tables tables() {
    return tables;
  }
}
