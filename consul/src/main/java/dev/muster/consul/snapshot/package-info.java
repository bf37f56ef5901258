/// Saving and restoring the whole state.
@NullMarked
package dev.muster.consul.snapshot;

import org.jspecify.annotations.NullMarked;
