/// The consensus port on Apache Ratis.
@NullMarked
package dev.muster.raft;

import org.jspecify.annotations.NullMarked;
