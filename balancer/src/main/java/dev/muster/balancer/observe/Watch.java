package dev.muster.balancer.observe;

import java.time.Clock;

/// What every loop of a balancer notes things with.
///
/// @param ledgers of all locations
/// @param entrances of all sockets
/// @param clock the time for people
public record Watch(Ledgers ledgers, Entrances entrances, Clock clock) {}
