/// What can be set, what was set where, and what follows from it. The table of keys is the resource
/// `keys.txt`; reading, checking, flags and the reference page come from it.
@NullMarked
package dev.muster.agent.config;

import org.jspecify.annotations.NullMarked;
