package dev.muster.registry.catalog;

import java.util.Optional;

/// A check with the instance it belongs to; empty if it is the node's.
public record ServiceCheck(Check check, Optional<Service> service) {}
