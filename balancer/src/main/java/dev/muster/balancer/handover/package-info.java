/// How one process hands the sockets that it listens on to the next one.
@NullMarked
package dev.muster.balancer.handover;

import org.jspecify.annotations.NullMarked;
