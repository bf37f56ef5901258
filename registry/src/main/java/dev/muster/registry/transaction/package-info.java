/// What a transaction asks for and what comes of it.
@NullMarked
package dev.muster.registry.transaction;

import org.jspecify.annotations.NullMarked;
