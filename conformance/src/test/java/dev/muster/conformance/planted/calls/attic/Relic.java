package dev.muster.conformance.planted.calls.attic;

record Relic() {}
