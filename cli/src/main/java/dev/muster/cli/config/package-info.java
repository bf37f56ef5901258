/// `config`: read and write the entries of the central configuration.
@NullMarked
package dev.muster.cli.config;

import org.jspecify.annotations.NullMarked;
