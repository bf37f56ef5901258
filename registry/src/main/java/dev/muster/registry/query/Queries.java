package dev.muster.registry.query;

import dev.muster.registry.tree.Found;
import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.WatchSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All prepared queries at one moment. Immutable, free to read from any thread.
public final class Queries {
  public static final Queries EMPTY = empty(0);

  private final long index;
  private final RadixTree<PreparedQuery> byId;

  /// By name in lower case, those without a name left out.
  private final RadixTree<PreparedQuery> byName;

  /// By the prefix in lower case.
  private final RadixTree<CompiledTemplate> templates;

  Queries(
      long index,
      RadixTree<PreparedQuery> byId,
      RadixTree<PreparedQuery> byName,
      RadixTree<CompiledTemplate> templates) {
    this.index = index;
    this.byId = byId;
    this.byName = byName;
    this.templates = templates;
  }

  /// Nothing yet, last changed then.
  public static Queries empty(long index) {
    return new Queries(index, RadixTree.empty(), RadixTree.empty(), RadixTree.empty());
  }

  /// When any of them last changed.
  public long index() {
    return index;
  }

  /// All, by id: for snapshots and for [QueriesChange].
  public RadixTree<PreparedQuery> byId() {
    return byId;
  }

  RadixTree<PreparedQuery> byName() {
    return byName;
  }

  RadixTree<CompiledTemplate> templates() {
    return templates;
  }

  static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  public Found<List<PreparedQuery>> all(WatchSet watches) {
    return new Found<>(byId.under("", watches), index, false);
  }

  public Found<Optional<PreparedQuery>> query(String id, WatchSet watches) {
    PreparedQuery query = byId.get(key(id), watches);
    return query == null
        ? new Found<>(Optional.empty(), index, true)
        : new Found<>(Optional.of(query), query.modifyIndex(), false);
  }

  /// The query that an id, a name, or the longest template that a name starts with stands for.
  public Resolution resolve(String nameOrId) {
    String key = key(nameOrId);
    PreparedQuery query = byId.get(key);
    if (query != null && query.isTemplate()) {
      return new Resolution.Refused(
          "prepared query templates can only be resolved up by name, not by ID");
    }
    if (query == null && !key.isEmpty()) {
      query = byName.get(key);
    }
    if (query != null && !query.isTemplate()) {
      return new Resolution.Found(query);
    }
    CompiledTemplate template = key.isEmpty() ? null : longestTemplate(key);
    if (template == null) {
      return new Resolution.Unknown();
    }
    try {
      return new Resolution.Found(template.render(nameOrId));
    } catch (InvalidTemplate e) {
      return new Resolution.Refused(e.reason());
    }
  }

  private @Nullable CompiledTemplate longestTemplate(String key) {
    for (int length = key.length(); length >= 0; length--) {
      CompiledTemplate template = templates.get(key.substring(0, length));
      if (template != null) {
        return template;
      }
    }
    return null;
  }

  /// Wakes everybody who waits for a part of it, because others take its place.
  public void abandon() {
    byId.abandon();
  }
}
