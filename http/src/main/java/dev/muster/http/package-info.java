/// The small server side of HTTP that the faces share: decoded on Netty's loops, handled on
/// virtual threads.
@NullMarked
package dev.muster.http;

import org.jspecify.annotations.NullMarked;
