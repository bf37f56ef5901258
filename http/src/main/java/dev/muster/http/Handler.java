package dev.muster.http;

/// Answers requests. Called on a virtual thread of its own for each request, so it may block as
/// long as it likes; the thread is interrupted when the client goes away.
@FunctionalInterface
public interface Handler {
  /// An exception is logged and answered with 500.
  Response handle(Request request) throws InterruptedException;

  /// Answers a request whose body is longer than the server takes. `bytes` is what the request
  /// said, or what came before it was given up.
  default Response bodyTooLarge(long bytes, int bytesMax) {
    return Response.text(
        413, "Request body(%d bytes) too large, max size: %d bytes.".formatted(bytes, bytesMax));
  }
}
