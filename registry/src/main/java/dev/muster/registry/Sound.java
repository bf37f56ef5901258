package dev.muster.registry;

import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.entry.Kept;
import dev.muster.registry.event.Event;
import dev.muster.registry.event.Events;
import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.session.LockDelay;
import dev.muster.registry.session.Session;
import dev.muster.registry.tree.CompositeKey;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a saved state that somebody sent could have been written by a server: applying commands
/// relies on all of it and must not fail. Whatever is wrong is an [IllegalStateException].
final class Sound {
  /// No group ever comes near it, and no later command takes it over the edge of a `long`.
  static final long INDEX_MAX = 1L << 53;

  /// Of what is nested freely, and a little of what is around it.
  private static final int DEPTH_MAX = 60;

  private static final Set<String> INDEXES = Set.of("createIndex", "modifyIndex");

  private final long index;

  /// @param index of the state: no other index in it is beyond
  Sound(long index) {
    this.index = index;
    require(index >= 0 && index <= INDEX_MAX, "the index %d is not possible", index);
  }

  /// A part of the state, taken by itself.
  void whole(Object part) {
    whole(part, Object.class, part.getClass().getSimpleName(), 0);
  }

  void index(String what, long mark) {
    require(mark >= 0 && mark <= index, "the index %d of %s is not possible", mark, what);
  }

  private void whole(@Nullable Object value, Type type, String at, int depth) {
    require(depth <= DEPTH_MAX, "%s is nested more than %d levels deep", at, DEPTH_MAX);
    switch (value) {
      case null -> throw new IllegalStateException(at + " is missing");
      case Record record -> members(record, at, depth);
      case Map<?, ?> map -> elements(map.values(), type, at, depth);
      case List<?> list -> elements(list, type, at, depth);
      case Duration duration -> {
        try {
          require(duration.toNanos() != Long.MIN_VALUE, "%s is too long", at);
        } catch (ArithmeticException e) {
          throw new IllegalStateException(at + " is too long", e);
        }
      }
      default -> {}
    }
  }

  private void elements(Collection<?> elements, Type type, String at, int depth) {
    Type element = Object.class;
    if (type instanceof ParameterizedType parameterized) {
      Type[] arguments = parameterized.getActualTypeArguments();
      element = arguments[arguments.length - 1];
    }
    for (Object each : elements) {
      if (each != null || element != Object.class) {
        whole(each, element, at, depth + 1);
      }
    }
  }

  private void members(Record record, String at, int depth) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String name = at + "." + component.getName();
      Object value = value(record, component);
      if (INDEXES.contains(component.getName())) {
        index(name, value instanceof Long mark ? mark : -1);
      } else if (value != null
          || !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        whole(value, component.getGenericType(), name, depth + 1);
      }
    }
  }

  private static @Nullable Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  /// All parts together.
  void fits(Tables tables) {
    catalog(tables.catalog());
    var sessions = tables.sessions();
    index("sessions", sessions.marks().sessions());
    for (Session session : sessions.byId().under("")) {
      String node = session.definition().node();
      name(session.id());
      require(tables.catalog().node(node).isPresent(), "a session's node \"%s\" is missing", node);
    }
    require(sessions.byId().size() == sessions.byNode().size(), "a session is there twice");
    for (LockDelay delay : sessions.lockDelays().under("")) {
      index("a lock-delay", delay.index());
      require(delay.length().compareTo(Session.LOCK_DELAY_MAX) <= 0, "a lock-delay is too long");
    }
    keys(tables);
    Events events = tables.events();
    require(events.time() >= 0 && events.time() <= INDEX_MAX, "the number of events is impossible");
    for (Event event : events.kept().under("")) {
      require(
          event.time() <= events.time() && event.time() > events.time() - Events.KEPT_MAX,
          "the event %d is not among the latest",
          event.time());
    }
    index("queries", tables.queries().index());
    tables.entries().indexes().values().forEach(mark -> index("configuration entries", mark));
    for (Kept kept : tables.entries().byKindAndName().under("")) {
      index("a configuration entry", kept.modifyIndex());
    }
  }

  private void catalog(Catalog catalog) {
    Catalog.Marks marks = catalog.marks();
    List.of(marks.nodes(), marks.services(), marks.checks(), marks.extinction())
        .forEach(mark -> index("the catalog", mark));
    catalog.nodes().under("").forEach(node -> name(node.name()));
    for (Service service : catalog.services().under("")) {
      name(service.id());
      name(service.name());
      require(
          catalog.node(service.node()).isPresent(),
          "a service's node \"%s\" is missing",
          service.node());
      require(
          catalog.serviceIndexes().get(CompositeKey.of(service.name())) != null,
          "the index of the service \"%s\" is missing",
          service.name());
    }
    for (Check check : catalog.checks().under("")) {
      name(check.id());
      require(
          catalog.node(check.node()).isPresent(), "a check's node \"%s\" is missing", check.node());
      require(
          check.serviceId().isEmpty()
              || catalog.service(check.node(), check.serviceId()).isPresent(),
          "a check's service \"%s\" is missing",
          check.serviceId());
    }
    require(
        catalog.services().size() == catalog.servicesByName().size(), "a service is there twice");
    require(catalog.checks().size() == catalog.checksByService().size(), "a check is there twice");
    catalog.serviceIndexes().forEachUnder("", (name, mark) -> index("a service", mark));
  }

  private void keys(Tables tables) {
    var keys = tables.keys();
    index("keys", keys.marks().keys());
    index("tombstones", keys.marks().tombstoneFloor());
    int locked = 0;
    for (KeyEntry entry : keys.entries().under("")) {
      require(entry.lockIndex() >= 0, "a lock's index is negative");
      if (!entry.session().isEmpty()) {
        locked++;
        require(
            tables.sessions().byId().get(CompositeKey.of(entry.session())) != null,
            "the session \"%s\" that locks a key is missing",
            entry.session());
      }
    }
    require(keys.locked().size() == locked, "a locked key is there twice");
    keys.tombstones().forEachUnder("", (key, mark) -> index("a tombstone", mark));
  }

  private static void name(String name) {
    require(name.indexOf('\0') < 0, "a name holds the character NUL");
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation is no dependency of ours
  private static void require(boolean holds, String reason, Object... values) {
    if (!holds) {
      throw new IllegalStateException(reason.formatted(values));
    }
  }
}
