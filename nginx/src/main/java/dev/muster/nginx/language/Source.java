package dev.muster.nginx.language;

/// A configuration file as it was read; `-T` prints them.
public record Source(String file, String text) {}
