package dev.muster.consensus;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/// A replicated log of opaque byte strings. It decides order, makes durable and moves bytes; what
/// an entry means is the [Replica]'s business.
///
/// What every engine promises, and `EngineContract` checks:
///
/// - every server's replica gets the same entries at the same, rising indexes, from one thread at
///   a time; an entry that a [Submission.Committed] reported is never lost, whatever is killed;
/// - an index is given to the replica only once it is committed;
/// - after an exception out of the replica nothing is applied or captured any more;
/// - captures are taken now and then, restored at the next start, and let it forget old entries.
public interface Engine extends AutoCloseable {

  /// Recovers what the data folder holds into the replica, joins the group and returns. A group
  /// that needs nobody else is ready for commands then. Called once.
  ///
  /// @throws DataFolderException if the folder cannot be used; the message says what to do
  void start(Replica replica) throws IOException;

  /// Offers an entry; does not wait. `done` is called once, from any thread, and returns quickly.
  void submit(byte[] entry, Consumer<Submission> done);

  /// Makes sure that this server led at some moment after the call, and how far the log reached
  /// then. Blocks, at most for `timeout`.
  Confirmation confirm(Duration timeout) throws InterruptedException;

  /// The engine's view of itself.
  Status status();

  /// Takes a capture if that makes the next start cheaper, and stops. Submissions without an
  /// answer get one. Harmless if never started or already stopped.
  @Override
  void close();
}
