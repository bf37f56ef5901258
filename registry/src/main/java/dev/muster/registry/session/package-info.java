/// Sessions, to which keys can be locked, and the delays after a session ended.
@NullMarked
package dev.muster.registry.session;

import org.jspecify.annotations.NullMarked;
