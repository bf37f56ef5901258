package dev.muster.registry.keys;

import org.jspecify.annotations.Nullable;

/// A key and its value.
///
/// @param value null if it was written without a body; never altered, so not copied
/// @param flags an unsigned number that only clients give a meaning
/// @param lockIndex how often it was locked: grows with each new holder, so that who guards
///     something by the lock can refuse an earlier holder
/// @param session the session that holds it, empty if none does
@SuppressWarnings("ArrayRecordComponent") // never compared by equals
public record KeyEntry(
    String key,
    byte @Nullable [] value,
    long flags,
    long lockIndex,
    String session,
    long createIndex,
    long modifyIndex) {

  /// The same, for who only asked whether it was written.
  public KeyEntry withoutValue() {
    return new KeyEntry(key, null, flags, lockIndex, session, createIndex, modifyIndex);
  }
}
