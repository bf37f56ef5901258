/// Commands about the balancer of an agent.
@NullMarked
package dev.muster.cli.balancer;

import org.jspecify.annotations.NullMarked;
