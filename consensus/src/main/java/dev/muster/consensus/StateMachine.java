package dev.muster.consensus;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/// The state that every server computes from the same log: a pure function of the commands in log
/// order. Clocks, randomness and I/O do not belong in here; what a command needs it carries.
///
/// All methods are called by one thread at a time; readers on other threads are the
/// implementation's business.
///
/// @param <R> what a command answers; never null, never serialised
public interface StateMachine<R> {

  /// Applies the commands of one log entry in order and returns one reply per command. When it
  /// returns, all of it is visible to readers. A command that cannot be carried out (unknown key,
  /// lost update, unreadable bytes) is answered, not thrown: an exception means that this server
  /// no longer agrees with the others, and stops it.
  List<R> apply(List<byte[]> commands);

  /// An immutable image of the present state. Must be cheap: commands wait meanwhile.
  Capture capture();

  /// Replaces the whole state by what a [Capture] wrote.
  void restore(InputStream snapshot) throws IOException;

  /// An image of the state at one log index, written later on another thread.
  interface Capture {
    /// Writes the image, without closing `out`.
    void writeTo(OutputStream out) throws IOException;
  }
}
