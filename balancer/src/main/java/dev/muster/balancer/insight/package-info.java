/// What can be asked of a running balancer: what it would do with a request and why, how its
/// instances are, its numbers. Changes nothing.
@NullMarked
package dev.muster.balancer.insight;

import org.jspecify.annotations.NullMarked;
