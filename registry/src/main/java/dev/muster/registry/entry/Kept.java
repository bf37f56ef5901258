package dev.muster.registry.entry;

/// An entry as it is kept.
///
/// @param createIndex the index at which it appeared
/// @param modifyIndex the index at which it last changed
public record Kept(ConfigEntry entry, long createIndex, long modifyIndex) {}
