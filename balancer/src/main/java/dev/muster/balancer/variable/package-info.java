/// Text with variables, evaluated for a request.
@NullMarked
package dev.muster.balancer.variable;

import org.jspecify.annotations.NullMarked;
