/// Events.
@NullMarked
package dev.muster.consul.event;

import org.jspecify.annotations.NullMarked;
