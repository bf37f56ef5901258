package dev.muster.registry.tree;

/// The answer to a read, with the index at which it last changed.
///
/// @param index never falls for the same question, except to that of a restored snapshot
/// @param isAbsent whether what was asked for does not exist
public record Found<T>(T value, long index, boolean isAbsent) {}
