/// Nodes, services and checks: what is where, and how healthy.
@NullMarked
package dev.muster.registry.catalog;

import org.jspecify.annotations.NullMarked;
