/// What the HTTP API says of the balancer: `/v1/balancer/`, and its part of the metrics.
@NullMarked
package dev.muster.agent.balancing;

import org.jspecify.annotations.NullMarked;
