/// What whoever builds on the port or implements it tests with: an engine in memory, a state
/// machine that remembers what it saw, and the contract that every engine must pass. In the test
/// jar, because the contract needs JUnit, which no product code should see.
@NullMarked
package dev.muster.consensus.testing;

import org.jspecify.annotations.NullMarked;
