/// Sessions: requests of one client that go to the same instance, and how that is remembered.
@NullMarked
package dev.muster.balancer.session;

import org.jspecify.annotations.NullMarked;
