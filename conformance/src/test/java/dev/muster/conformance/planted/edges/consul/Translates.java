package dev.muster.conformance.planted.edges.consul;

import dev.muster.conformance.planted.edges.registry.Catalog;

record Translates(Catalog allowed) {}
