/// `snapshot`: save, restore and look into the whole state.
@NullMarked
package dev.muster.cli.snapshot;

import org.jspecify.annotations.NullMarked;
