/// `catalog`: what is registered.
@NullMarked
package dev.muster.cli.catalog;

import org.jspecify.annotations.NullMarked;
