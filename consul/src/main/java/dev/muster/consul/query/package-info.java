/// Prepared queries.
@NullMarked
package dev.muster.consul.query;

import org.jspecify.annotations.NullMarked;
