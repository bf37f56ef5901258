/// The reverse proxy: listeners, routes, algorithms, upstream pools and the HTTP/1 codec.
@NullMarked
package dev.muster.balancer;

import org.jspecify.annotations.NullMarked;
