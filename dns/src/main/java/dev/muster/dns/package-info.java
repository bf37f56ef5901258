/// The registry as DNS: names in, records out, as Consul answers them.
@NullMarked
package dev.muster.dns;

import org.jspecify.annotations.NullMarked;
