/// Passwords and the files they are kept in.
@NullMarked
package dev.muster.balancer.access;

import org.jspecify.annotations.NullMarked;
