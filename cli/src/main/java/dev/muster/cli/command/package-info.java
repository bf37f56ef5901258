/// What every command has: where it reads and writes, the agent it asks, how it fails.
@NullMarked
package dev.muster.cli.command;

import org.jspecify.annotations.NullMarked;
