/// Runs checks, counts the time of sessions and of lock-delays, and turns what it finds into
/// changes of the registry.
@NullMarked
package dev.muster.health;

import org.jspecify.annotations.NullMarked;
