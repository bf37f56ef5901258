/// What is counted to limit it, shared by all loops.
@NullMarked
package dev.muster.balancer.limit;

import org.jspecify.annotations.NullMarked;
