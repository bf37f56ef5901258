package dev.muster.cli.lock;

/// What at most so many may hold at once, kept in the store by a protocol that Consul's own clients
/// speak, too. Used by one holder; each method may be called by another thread than the one before.
sealed interface SharedLock permits Mutex, Semaphore {

  /// The key that holders meet at, for what a person reads.
  String key();

  /// Waits until it is held.
  ///
  /// @throws dev.muster.cli.command.CommandFailed if the key is used by another protocol, or there
  ///     is no answer
  void acquire() throws InterruptedException;

  /// Waits until it is not held any more.
  ///
  /// @throws dev.muster.cli.command.CommandFailed if nobody can tell
  void awaitLoss() throws InterruptedException;

  /// Gives it back. Does no harm if it is not held.
  void release();

  /// Removes what is left in the store, unless others use it.
  ///
  /// @return whether nobody does
  boolean cleanUp();
}
