/// What the balancer is told: listeners, virtual servers, locations, upstreams, limits. Immutable
/// records that the file in nginx's language and the registry's entries are compiled to.
@NullMarked
package dev.muster.balancer.config;

import org.jspecify.annotations.NullMarked;
