package dev.muster.http;

import java.io.IOException;
import java.io.OutputStream;

/// Writes the body of a streamed response, on the request's own thread, once the handler returned.
@FunctionalInterface
public interface BodyWriter {
  /// Must have written everything when it returns: returning ends the response, and `out` takes
  /// nothing afterwards. May take as long as it likes; a stream of events ends when its client
  /// goes away, which interrupts the thread.
  ///
  /// `out` is for this thread only. It gathers small writes into pieces; `flush` sends what it
  /// holds at once, the first time with the headers, even if there is nothing else yet. Writing
  /// blocks while the client does not keep up, and throws an `IOException` once it is gone:
  /// pass that on.
  ///
  /// A failure before anything was sent is answered with 500; later ones cut the connection, so
  /// that the client does not take a part for the whole.
  void writeTo(OutputStream out) throws IOException, InterruptedException;
}
