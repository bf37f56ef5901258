package dev.muster.consensus;

/// A member of the group.
///
/// @param id unique for ever: it names a data folder, not a host, so that a server which lost its
///     disk never comes back under its old name
/// @param address where the other members reach it, `host:port`
public record Peer(String id, String address) {}
