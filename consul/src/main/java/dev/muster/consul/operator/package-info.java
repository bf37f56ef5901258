/// `/v1/status/…`.
@NullMarked
package dev.muster.consul.operator;

import org.jspecify.annotations.NullMarked;
