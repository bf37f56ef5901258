package dev.muster.registry.transaction;

/// Why an operation failed its transaction.
///
/// @param operation its place, from 0
/// @param what for the caller
public record Failure(int operation, String what) {}
