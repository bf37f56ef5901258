package dev.muster.registry.query;

import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.Step;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One step from a state of the prepared queries to the next. Owned by the thread that applies the
/// log.
public final class QueriesChange {
  private final Step step;

  /// Only the queries by id are watched.
  private final Step unwatched = Step.unwatched(0);

  private long index;
  private RadixTree<PreparedQuery> byId;
  private RadixTree<PreparedQuery> byName;
  private RadixTree<CompiledTemplate> templates;

  public QueriesChange(Queries from, Step step) {
    this.step = step;
    index = from.index();
    byId = from.byId();
    byName = from.byName();
    templates = from.templates();
  }

  /// Goes back to an earlier state, as if nothing had happened since.
  public void restore(Queries before) {
    index = before.index();
    byId = before.byId();
    byName = before.byName();
    templates = before.templates();
  }

  public Queries queries() {
    return new Queries(index, byId, byName, templates);
  }

  public @Nullable PreparedQuery get(String id) {
    return byId.get(Queries.key(id));
  }

  /// Adds or replaces the query with this id.
  ///
  /// @return why not, if it cannot be kept
  public Optional<String> put(PreparedQuery query) {
    PreparedQuery present = get(query.id());
    Optional<String> conflict = conflict(query);
    if (conflict.isPresent()) {
      return conflict;
    }
    long created = present == null ? step.index() : present.createIndex();
    if (present != null && present.at(0, 0).equals(query.at(0, 0))) {
      return Optional.empty();
    }
    try {
      CompiledTemplate template = query.isTemplate() ? CompiledTemplate.of(query) : null;
      if (present != null) {
        forget(present);
      }
      PreparedQuery kept = query.at(created, step.index());
      keep(kept, template == null ? null : CompiledTemplate.of(kept));
      index = step.index();
      return Optional.empty();
    } catch (InvalidTemplate e) {
      return Optional.of("failed compiling template: " + e.reason());
    }
  }

  private Optional<String> conflict(PreparedQuery query) {
    String name = Queries.key(query.name());
    if (!name.isEmpty()) {
      if (isAnother(byName.get(name), query)) {
        return Optional.of("name '" + query.name() + "' aliases an existing query name");
      }
      if (byId.get(name) != null) {
        return Optional.of("name '" + query.name() + "' aliases an existing query ID");
      }
    } else if (query.isTemplate()) {
      CompiledTemplate template = templates.get("");
      if (template != null && isAnother(template.query(), query)) {
        return Optional.of("a query template with an empty name already exists");
      }
    }
    return Optional.empty();
  }

  private static boolean isAnother(@Nullable PreparedQuery present, PreparedQuery query) {
    return present != null && !present.id().equalsIgnoreCase(query.id());
  }

  private void keep(PreparedQuery query, @Nullable CompiledTemplate template) {
    byId = byId.put(Queries.key(query.id()), query, step);
    if (!query.name().isEmpty()) {
      byName = byName.put(Queries.key(query.name()), query, unwatched);
    }
    if (template != null) {
      templates = templates.put(Queries.key(query.name()), template, unwatched);
    }
  }

  private void forget(PreparedQuery query) {
    if (!query.name().isEmpty()) {
      byName = byName.remove(Queries.key(query.name()), unwatched);
    }
    if (query.isTemplate()) {
      templates = templates.remove(Queries.key(query.name()), unwatched);
    }
  }

  /// Removes a query that exists.
  public void remove(PreparedQuery query) {
    forget(query);
    byId = byId.remove(Queries.key(query.id()), step);
    index = step.index();
  }

  /// Removes what is bound to a session that has gone.
  public void removeBoundTo(String session) {
    for (PreparedQuery query : byId.under("")) {
      if (query.session().equalsIgnoreCase(session)) {
        remove(query);
      }
    }
  }

  /// Takes a query from a snapshot, as it is.
  public void load(PreparedQuery query) {
    try {
      keep(query, query.isTemplate() ? CompiledTemplate.of(query) : null);
    } catch (InvalidTemplate e) {
      throw new IllegalStateException("query " + query.id() + ": " + e.reason(), e);
    }
  }
}
