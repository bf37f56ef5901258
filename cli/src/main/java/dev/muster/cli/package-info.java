/// The command line: every command, and main.
@NullMarked
package dev.muster.cli;

import org.jspecify.annotations.NullMarked;
