/// Runs checks and turns beats into changes of the registry.
@NullMarked
package dev.muster.health;

import org.jspecify.annotations.NullMarked;
