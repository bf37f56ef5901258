/// Which instance gets a request, and whether one may: pure decisions without sockets, clocks or
/// threads of their own. A cluster is an immutable [dev.muster.balancer.dispatch.Members]; each
/// event loop asks its own [dev.muster.balancer.dispatch.Picker]; what all loops share
/// ([dev.muster.balancer.dispatch.Load] and the limits) is thread-safe. Times are nanoseconds of
/// one clock that the caller reads.
@NullMarked
package dev.muster.balancer.dispatch;

import org.jspecify.annotations.NullMarked;
