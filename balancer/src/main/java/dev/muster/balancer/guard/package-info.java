/// What keeps a cluster from harm: instances that fail are left out for a while, requests wait in
/// a bounded line, retries have a budget, and nothing grows beyond a limit. Thread-safe decisions
/// without sockets, clocks or threads of their own. Times are nanoseconds of one clock that the
/// caller reads.
@NullMarked
package dev.muster.balancer.guard;

import org.jspecify.annotations.NullMarked;
