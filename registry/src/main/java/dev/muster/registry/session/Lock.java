package dev.muster.registry.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// What a write does to the lock on its key.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "lock")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Lock.Acquire.class, name = "acquire"),
  @JsonSubTypes.Type(value = Lock.Release.class, name = "release")
})
public sealed interface Lock {
  String session();

  /// Locks the key, unless another session holds it or its lock-delay lasts.
  ///
  /// @param passedDelay the `index` of the [LockDelay] of which the server that took the write saw
  ///     the end; 0 if of none
  record Acquire(String session, long passedDelay) implements Lock {}

  /// Writes and unlocks the key, if this session holds it.
  record Release(String session) implements Lock {}
}
