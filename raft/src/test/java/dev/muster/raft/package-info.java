@NullMarked
package dev.muster.raft;

import org.jspecify.annotations.NullMarked;
