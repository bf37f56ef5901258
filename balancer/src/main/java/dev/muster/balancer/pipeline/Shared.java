package dev.muster.balancer.pipeline;

import dev.muster.balancer.access.Credentials;
import dev.muster.balancer.limit.Zones;

/// What the locations of a configuration share.
///
/// @param zones what is counted, by name
/// @param credentials who checks passwords
public record Shared(Zones zones, Credentials credentials) {}
