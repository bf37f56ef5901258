package dev.muster.http;

/// How much a server takes, of one client and of all of them.
///
/// @param lineBytesMax of the request line; longer ones get 414
/// @param headerBytesMax all headers together; longer ones get 431
/// @param bodyBytesMax unless [Handler#bodyBytesMax] says otherwise; longer ones get 413
/// @param bodiesBytesMax of the bodies of all requests that are arriving or being answered; a
///     request that would exceed it gets 503
/// @param connectionsMax further ones get 503 and are closed
/// @param connectionsPerClientMax of one address, loopback like any other; further ones get 429 and
///     are closed; 0 or less is no limit; connections of a unix socket have no address, and none
public record HttpLimits(
    int lineBytesMax,
    int headerBytesMax,
    int bodyBytesMax,
    long bodiesBytesMax,
    int connectionsMax,
    int connectionsPerClientMax) {

  public static HttpLimits defaults() {
    return new HttpLimits(8 * 1024, 16 * 1024, 512 * 1024, 128L * 1024 * 1024, 16_384, 200);
  }

  public HttpLimits withConnectionsPerClient(int max) {
    return withConnections(connectionsMax, max);
  }

  HttpLimits withConnections(int max, int perClientMax) {
    return new HttpLimits(
        lineBytesMax, headerBytesMax, bodyBytesMax, bodiesBytesMax, max, perClientMax);
  }

  HttpLimits withBytes(int header, int body, long bodies) {
    return new HttpLimits(
        lineBytesMax, header, body, bodies, connectionsMax, connectionsPerClientMax);
  }
}
