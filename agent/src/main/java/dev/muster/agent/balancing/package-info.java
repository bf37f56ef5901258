/// What the balancer is told: instances and rules of the registry, and a file, made one table; and
/// what the HTTP API says of it: `/v1/balancer/`, and its part of the metrics.
@NullMarked
package dev.muster.agent.balancing;

import org.jspecify.annotations.NullMarked;
