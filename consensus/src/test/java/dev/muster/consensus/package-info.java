@NullMarked
package dev.muster.consensus;

import org.jspecify.annotations.NullMarked;
