package dev.muster.http;

/// Answers requests. Called on a virtual thread of its own for each request, so it may block as
/// long as it likes; the thread is interrupted when the client goes away.
///
/// The response must be complete when `handle` returns, or be one that is written by a
/// [BodyWriter], which must be done when that returns: whatever else runs on behalf of a request
/// has ended by then.
@FunctionalInterface
public interface Handler {
  /// An exception is logged and answered with 500.
  Response handle(Request request) throws InterruptedException;

  /// The longest body that requests of this method and path may have. They are held in memory, all
  /// at once, until they are answered. Called on the event loop: must not block.
  ///
  /// @param path decoded, as in [Request#path]
  /// @param usual what the server's configuration says
  default int bodyBytesMax(String method, String path, int usual) {
    return usual;
  }

  /// Called once when the server begins to close, before it waits for the answers that are under
  /// way. What waits for something to happen answers now, with what there is; what acts goes on
  /// to its end. Those that take too long are interrupted. Must not block.
  default void closing() {}

  /// Answers a request whose body is longer than the server takes. `bytes` is what the request
  /// said, or what came before it was given up. Called on the event loop: must not block.
  ///
  /// @param path decoded, as in [Request#path]
  default Response bodyTooLarge(String path, long bytes, int bytesMax) {
    return Response.text(
        413, "Request body(%d bytes) too large, max size: %d bytes.".formatted(bytes, bytesMax));
  }
}
