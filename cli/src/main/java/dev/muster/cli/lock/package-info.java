/// `lock`: run a command while holding a lock or a slot of a semaphore.
@NullMarked
package dev.muster.cli.lock;

import org.jspecify.annotations.NullMarked;
