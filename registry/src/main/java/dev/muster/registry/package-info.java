/// The replicated catalog and key-value store: a deterministic state machine over immutable
/// views with watches.
@NullMarked
package dev.muster.registry;

import org.jspecify.annotations.NullMarked;
