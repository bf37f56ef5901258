/// The keys and their values.
@NullMarked
package dev.muster.registry.keys;

import org.jspecify.annotations.NullMarked;
