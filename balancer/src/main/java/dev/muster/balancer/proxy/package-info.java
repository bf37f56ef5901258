/// The data path: connections to clients and instances, and the exchanges between them.
/// Everything here belongs to one event loop.
@NullMarked
package dev.muster.balancer.proxy;

import org.jspecify.annotations.NullMarked;
