/// `watch`: tell of changes.
@NullMarked
package dev.muster.cli.watch;

import org.jspecify.annotations.NullMarked;
