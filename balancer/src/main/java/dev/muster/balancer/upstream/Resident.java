package dev.muster.balancer.upstream;

/// An instance of a service and what its registry says of it.
///
/// @param endpoint as the registry has it now
/// @param instance the same for as long as it is at that address
public record Resident(Endpoint endpoint, Instance instance) {}
