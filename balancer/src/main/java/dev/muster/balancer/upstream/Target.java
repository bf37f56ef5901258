package dev.muster.balancer.upstream;

/// An instance as one cluster uses it.
///
/// @param weight its share among the others; with 0 it is asked only if no other is left
/// @param strip how many octets of the matched path are not sent to it
public record Target(Instance instance, long weight, int strip) {}
