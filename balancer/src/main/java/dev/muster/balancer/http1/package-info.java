/// HTTP/1 message heads and chunked bodies, read in place: offsets into bytes, no strings, nothing
/// forwarded that two readers could understand differently (RFC 9112).
@NullMarked
package dev.muster.balancer.http1;

import org.jspecify.annotations.NullMarked;
