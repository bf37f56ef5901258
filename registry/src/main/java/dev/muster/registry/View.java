package dev.muster.registry;

import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.keys.Keys;
import dev.muster.registry.session.Sessions;

/// The registry at one moment: immutable, free to read from any thread for as long as it is held.
public final class View {
  private final Tables tables;

  View(Tables tables) {
    this.tables = tables;
  }

  /// The index of the last command applied.
  public long index() {
    return tables.index();
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

  /// Tries a transaction on this state and keeps nothing of it: for those that only read.
  public Reply attempt(Command.Transaction transaction) {
    return new Change(tables).apply(transaction);
  }

  Tables tables() {
    return tables;
  }
}
