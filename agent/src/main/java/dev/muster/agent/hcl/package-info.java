/// Documents in HCL (version 1, as Consul uses it) and JSON, read into one form that remembers
/// where everything stood.
@NullMarked
package dev.muster.agent.hcl;

import org.jspecify.annotations.NullMarked;
