/// `kv`: read and write keys.
@NullMarked
package dev.muster.cli.kv;

import org.jspecify.annotations.NullMarked;
