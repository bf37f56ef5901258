/// Files that are served: where they are, what a client asks of them, and the disk, which is never
/// touched by an event loop.
@NullMarked
package dev.muster.balancer.file;

import org.jspecify.annotations.NullMarked;
