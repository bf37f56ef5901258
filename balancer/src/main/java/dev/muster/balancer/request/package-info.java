/// One request and what is known of it while it is served.
@NullMarked
package dev.muster.balancer.request;

import org.jspecify.annotations.NullMarked;
