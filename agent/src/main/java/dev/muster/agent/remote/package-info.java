/// A registry that is somewhere else, followed over its HTTP API.
@NullMarked
package dev.muster.agent.remote;

import org.jspecify.annotations.NullMarked;
