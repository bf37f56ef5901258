/// How the group is to look after its servers.
@NullMarked
package dev.muster.registry.autopilot;

import org.jspecify.annotations.NullMarked;
