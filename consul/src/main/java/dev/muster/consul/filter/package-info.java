/// Filter expressions: a line of text that says which elements of a list are wanted.
@NullMarked
package dev.muster.consul.filter;

import org.jspecify.annotations.NullMarked;
