package dev.muster.nginx.language;

/// One word of a directive, its quotes and escapes resolved. Variables are still in it.
///
/// @param quoted whether it stood in quotes; nginx only cares in a few places
public record Word(String text, boolean quoted) {}
