/// `/v1/agent/…`.
@NullMarked
package dev.muster.consul.agent;

import org.jspecify.annotations.NullMarked;
