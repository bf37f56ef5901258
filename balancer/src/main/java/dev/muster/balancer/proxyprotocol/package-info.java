/// The PROXY protocol: who is behind a connection, said by a proxy in front of it.
@NullMarked
package dev.muster.balancer.proxyprotocol;

import org.jspecify.annotations.NullMarked;
