/// Starts the whole sample system as processes, watches it and checks it while instances die.
@NullMarked
package dev.muster.demo;

import org.jspecify.annotations.NullMarked;
