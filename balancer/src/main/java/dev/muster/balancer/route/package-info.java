/// Where a request goes: hosts and locations, and the routes that services ask for by tags.
@NullMarked
package dev.muster.balancer.route;

import org.jspecify.annotations.NullMarked;
