package dev.muster.dns;

/// What a server has counted since its start.
///
/// @param udpQueries datagrams that came, whatever they held
/// @param tcpQueries messages that came by TCP, whatever they held
/// @param malformed of both: what was not a query; answered with FORMERR where its header
///     could be read, else dropped
/// @param shed queries, recursions and connections that were turned away because there were too
///     many
/// @param failed queries that got SERVFAIL for a reason of ours, such as that there is no leader
/// @param cut answers that held less than there was
/// @param recursions questions that were passed on to recursors
/// @param unresolved of these: those to which no recursor knew an answer in time
public record DnsStatistics(
    long udpQueries,
    long tcpQueries,
    long malformed,
    long shed,
    long failed,
    long cut,
    long recursions,
    long unresolved) {}
