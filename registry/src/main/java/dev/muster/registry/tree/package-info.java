/// Immutable trees whose parts can be watched.
@NullMarked
package dev.muster.registry.tree;

import org.jspecify.annotations.NullMarked;
