/// Network coordinates.
@NullMarked
package dev.muster.consul.coordinate;

import org.jspecify.annotations.NullMarked;
