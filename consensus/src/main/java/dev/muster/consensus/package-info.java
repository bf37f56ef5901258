/// The port to a replicated log: propose, barrier, snapshot; the batcher; the contracts of a state
/// machine and of an engine.
@NullMarked
package dev.muster.consensus;

import org.jspecify.annotations.NullMarked;
