/// What the balancer says about its work: counters, statistics.
@NullMarked
package dev.muster.balancer.observe;

import org.jspecify.annotations.NullMarked;
