/// `debug`: everything a bug report needs, in one archive.
@NullMarked
package dev.muster.cli.debug;

import org.jspecify.annotations.NullMarked;
