package dev.muster.registry.entry;

import dev.muster.registry.tree.Found;
import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.WatchSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All configuration entries at one moment. Immutable, free to read from any thread.
///
/// @param indexes when a kind last changed; absent: never
/// @param byKindAndName for snapshots and for [EntriesChange]; readers have the methods
public record Entries(Map<Kind, Long> indexes, RadixTree<Kept> byKindAndName) {
  private static final String TCP = "tcp";

  public Entries {
    Map<Kind, Long> copy = new EnumMap<>(Kind.class);
    copy.putAll(indexes);
    indexes = Collections.unmodifiableMap(copy);
  }

  public static final Entries EMPTY = empty(Map.of());

  /// Nothing yet, last changed then.
  public static Entries empty(Map<Kind, Long> indexes) {
    return new Entries(indexes, RadixTree.empty());
  }

  static String key(Kind kind, String name) {
    return kind.word() + '\0' + name;
  }

  private long index(Kind kind) {
    return indexes.getOrDefault(kind, 0L);
  }

  public Found<List<Kept>> all(Kind kind, WatchSet watches) {
    return new Found<>(byKindAndName.under(key(kind, ""), watches), index(kind), false);
  }

  public Found<Optional<Kept>> entry(Kind kind, String name, WatchSet watches) {
    Kept kept = byKindAndName.get(key(kind, name), watches);
    return kept == null
        ? new Found<>(Optional.empty(), index(kind), true)
        : new Found<>(Optional.of(kept), kept.modifyIndex(), false);
  }

  /// The protocol that a service speaks: its own, else the default of all, else `tcp`.
  public String protocolOf(String service) {
    ConfigEntry own = get(Kind.SERVICE_DEFAULTS, service);
    if (own instanceof ServiceDefaults defaults && !defaults.protocol().isEmpty()) {
      return defaults.protocol();
    }
    ConfigEntry global = get(Kind.PROXY_DEFAULTS, ProxyDefaults.GLOBAL);
    if (global instanceof ProxyDefaults defaults && !defaults.protocol().isEmpty()) {
      return defaults.protocol();
    }
    return TCP;
  }

  public Optional<ServiceRouter> router(String service) {
    return get(Kind.SERVICE_ROUTER, service) instanceof ServiceRouter router
        ? Optional.of(router)
        : Optional.empty();
  }

  public Optional<ServiceSplitter> splitter(String service) {
    return get(Kind.SERVICE_SPLITTER, service) instanceof ServiceSplitter splitter
        ? Optional.of(splitter)
        : Optional.empty();
  }

  public Optional<ServiceResolver> resolver(String service) {
    return get(Kind.SERVICE_RESOLVER, service) instanceof ServiceResolver resolver
        ? Optional.of(resolver)
        : Optional.empty();
  }

  private @Nullable ConfigEntry get(Kind kind, String name) {
    Kept kept = byKindAndName.get(key(kind, name));
    return kept == null ? null : kept.entry();
  }

  /// Wakes everybody who waits for a part of it, because others take its place.
  public void abandon() {
    byKindAndName.abandon();
  }
}
