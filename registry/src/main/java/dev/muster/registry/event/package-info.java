/// What was fired for everybody to hear.
@NullMarked
package dev.muster.registry.event;

import org.jspecify.annotations.NullMarked;
