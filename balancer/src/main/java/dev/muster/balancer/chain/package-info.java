/// The ways of requests to services for which the registry has rules: matches, shares, failover.
@NullMarked
package dev.muster.balancer.chain;

import org.jspecify.annotations.NullMarked;
