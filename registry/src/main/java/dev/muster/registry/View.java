package dev.muster.registry;

import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.keys.Keys;

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

  Tables tables() {
    return tables;
  }
}
