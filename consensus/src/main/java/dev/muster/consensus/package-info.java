/// The port to a replicated log: propose, barrier, snapshot; the batcher; the contract of a state
// machine.
@NullMarked
package dev.muster.consensus;

import org.jspecify.annotations.NullMarked;
