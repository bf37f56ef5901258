package dev.muster.conformance.planted.edges.balancer;

import dev.muster.conformance.planted.edges.registry.Catalog;

record ReadsTheCatalog(Catalog[] forbidden) {}
