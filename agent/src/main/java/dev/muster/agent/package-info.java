/// One server: reads its configuration, builds registry, health, faces and balancer, starts
/// and stops them in order.
@NullMarked
package dev.muster.agent;

import org.jspecify.annotations.NullMarked;
