package dev.muster.conformance.planted.edges.registry;

/// What others reach for.
public record Catalog() {}
