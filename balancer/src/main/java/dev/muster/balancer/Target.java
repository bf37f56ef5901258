package dev.muster.balancer;

/// An instance as one route uses it.
///
/// @param weight its share of what the instances with a share of their own leave over
/// @param share its own share of the route's traffic, 0 to 1; 0 for none
/// @param strip how many octets of the matched path are not sent to it
record Target(Instance instance, boolean isPassing, int weight, double share, int strip) {}
