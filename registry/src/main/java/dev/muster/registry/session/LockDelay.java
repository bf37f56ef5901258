package dev.muster.registry.session;

import java.time.Duration;

/// A key cannot be locked for a while: its holder ended without unlocking it and may not know.
///
/// Applying a command reads no clock, so this says when it began, not whether it has ended: each
/// server measures from the moment when it applied that command, and says with each
/// [Lock.Acquire] which delay it saw end.
///
/// @param index of the command that freed the key
public record LockDelay(String key, long index, Duration length) {}
