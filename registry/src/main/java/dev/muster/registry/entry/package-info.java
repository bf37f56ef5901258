/// Configuration of services that is the same for the whole group.
@NullMarked
package dev.muster.registry.entry;

import org.jspecify.annotations.NullMarked;
