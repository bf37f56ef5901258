package dev.muster.conformance.planted.edges.services;

import dev.muster.conformance.planted.edges.registry.Catalog;

class KnowsUs {
  Object forbidden() {
    return new Catalog();
  }
}
