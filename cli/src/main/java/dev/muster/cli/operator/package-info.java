/// `operator`: the consensus group and its autopilot.
@NullMarked
package dev.muster.cli.operator;

import org.jspecify.annotations.NullMarked;
