package dev.muster.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/// A request that is not yet answered.
///
/// @param request method and path, for the log
/// @param bodyBytes that are held for it
/// @param isHead whether only the headers of the answer are wanted
/// @param takesGzip whether the client prefers a compressed body
/// @param isDelimited whether the client knows where a streamed body ends; those of HTTP/1.0 read
///     until the connection does
record Exchange(
    String request,
    long bodyBytes,
    Answer answer,
    boolean isHead,
    boolean takesGzip,
    boolean isDelimited,
    After after) {

  @FunctionalInterface
  interface Answer {
    Response response() throws InterruptedException;
  }

  /// What becomes of the connection after an answer.
  enum After {
    KEPT,
    /// Kept, which clients of HTTP/1.0 must be told.
    KEPT_EXPLICITLY,
    CLOSED,
    /// Closed although the client may still be sending.
    CUT
  }

  static Exchange of(HttpRequest head, long bodyBytes, Answer answer) {
    return new Exchange(
        head.method() + " " + pathOf(head.uri()),
        bodyBytes,
        answer,
        head.method().equals(HttpMethod.HEAD),
        Gzip.isWanted(head.headers().getAll(HttpHeaderNames.ACCEPT_ENCODING)),
        head.protocolVersion().isKeepAliveDefault(),
        after(head));
  }

  /// The last one of a connection.
  static Exchange refused(Response refusal) {
    return new Exchange("refused", 0, () -> refusal, false, false, true, After.CUT);
  }

  /// Without the parameters: one of them may be a token, which does not belong in a log.
  private static String pathOf(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static After after(HttpRequest head) {
    if (!HttpUtil.isKeepAlive(head)) {
      return After.CLOSED;
    }
    return head.protocolVersion().isKeepAliveDefault() ? After.KEPT : After.KEPT_EXPLICITLY;
  }
}
