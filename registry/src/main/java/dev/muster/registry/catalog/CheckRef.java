package dev.muster.registry.catalog;

/// Which check is meant.
public record CheckRef(String node, String id) {}
