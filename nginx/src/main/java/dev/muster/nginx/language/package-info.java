/// nginx's language as such: words, directives and blocks, and which directive may stand where.
@NullMarked
package dev.muster.nginx.language;

import org.jspecify.annotations.NullMarked;
