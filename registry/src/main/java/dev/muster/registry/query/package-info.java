/// Prepared queries: questions for instances that are kept under a name.
@NullMarked
package dev.muster.registry.query;

import org.jspecify.annotations.NullMarked;
