package dev.muster.registry;

/// Which check is meant.
public record CheckRef(String node, String id) {}
