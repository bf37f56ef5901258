/// `/v1/session/…`.
@NullMarked
package dev.muster.consul.session;

import org.jspecify.annotations.NullMarked;
