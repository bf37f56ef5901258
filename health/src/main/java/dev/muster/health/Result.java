package dev.muster.health;

import dev.muster.registry.catalog.Check;

/// What one probe found.
record Result(Check.Status status, String output) {}
