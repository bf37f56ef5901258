/// What a location does with answers: header lines, error pages, compression, rates. No I/O.
@NullMarked
package dev.muster.balancer.response;

import org.jspecify.annotations.NullMarked;
