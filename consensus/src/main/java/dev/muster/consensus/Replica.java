package dev.muster.consensus;

import java.io.IOException;
import java.io.InputStream;

/// This server's end of the log, as an [Engine] sees it. Except for [#failed], one thread calls it
/// at a time.
public interface Replica {

  /// Applies the entry at `index`. If it throws, the engine gives it nothing more and reports
  /// that as failed.
  void apply(long index, byte[] entry);

  /// Says that the log has come to `index` with something of the engine's own there.
  void advance(long index);

  /// An image of everything applied so far; cheap, to be written elsewhere and later.
  StateMachine.Capture capture();

  /// Replaces everything by an image that was taken when `index` was the last index.
  void restore(long index, InputStream image) throws IOException;

  /// Says that the engine cannot go on; it will be closed. Called by any thread; only the first
  /// call counts.
  void failed(Throwable cause);
}
