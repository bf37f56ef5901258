/// From nginx's directives to the balancer's configuration: what is inherited, what names mean,
/// what contradicts itself.
@NullMarked
package dev.muster.nginx.compile;

import org.jspecify.annotations.NullMarked;
