package dev.muster.consul.filter;

import org.jspecify.annotations.Nullable;

/// One side of a comparison. What it means depends on the side: a bare word is a selector or a
/// value, a quoted text a value or, if it starts with a slash, a JSON pointer.
///
/// @param at where it starts in the expression
/// @param value it as a value
/// @param selector it as a selector; null if it cannot be one
record Operand(int at, String value, @Nullable Selector selector) {}
