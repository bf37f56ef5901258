/// The commands about this server and its group.
@NullMarked
package dev.muster.cli.cluster;

import org.jspecify.annotations.NullMarked;
