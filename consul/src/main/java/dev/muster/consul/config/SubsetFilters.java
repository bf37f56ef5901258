package dev.muster.consul.config;

import dev.muster.consul.filter.Elements;
import dev.muster.consul.filter.Filter;
import dev.muster.consul.filter.InvalidFilter;
import dev.muster.consul.form.Refusal;

/// The expressions by which a resolver makes subsets of a service's instances: those that
/// `/v1/health/service` takes.
final class SubsetFilters {
  private final Elements elements;

  SubsetFilters(Elements elements) {
    this.elements = elements;
  }

  /// Refuses what is no expression.
  ///
  /// @throws Refusal with the column at which it ceases to be one
  void check(String subset, String filter) {
    if (filter.isEmpty()) {
      return;
    }
    try {
      Filter.parse(filter, elements.healthService());
    } catch (InvalidFilter e) {
      throw new Refusal(
          500,
          "Filter for subset \"%s\" is not a valid expression: %s"
              .formatted(subset, e.explanation()));
    }
  }
}
