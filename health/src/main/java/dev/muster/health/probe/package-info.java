/// What a check finds when it looks: one class per kind of probe, and the little of each protocol
/// that it needs.
@NullMarked
package dev.muster.health.probe;

import org.jspecify.annotations.NullMarked;
