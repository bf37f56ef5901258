/// `/v1/kv/…`.
@NullMarked
package dev.muster.consul.kv;

import org.jspecify.annotations.NullMarked;
