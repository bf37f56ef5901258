/// Configuration entries.
@NullMarked
package dev.muster.consul.config;

import org.jspecify.annotations.NullMarked;
