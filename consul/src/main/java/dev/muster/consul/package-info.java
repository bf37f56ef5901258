/// Consul's HTTP API over the registry.
@NullMarked
package dev.muster.consul;

import org.jspecify.annotations.NullMarked;
