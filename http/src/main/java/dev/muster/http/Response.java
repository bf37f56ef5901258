package dev.muster.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A response. `Content-Length`, `Transfer-Encoding`, `Date` and `Connection` are the server's to
/// add.
public record Response(int status, Map<String, String> headers, Body body) {
  private static final Body EMPTY = new Whole(new byte[0]);

  /// What a response says behind its headers.
  public sealed interface Body permits Whole, Streamed {}

  /// A body that is at hand.
  ///
  /// @param bytes not to be altered any more
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Whole(byte[] bytes) implements Body {}

  /// A body that is written after the headers, piece by piece.
  public record Streamed(BodyWriter writer) implements Body {}

  public static Response empty(int status) {
    return new Response(status, Map.of(), EMPTY);
  }

  /// Plain text in UTF-8.
  public static Response text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  public static Response of(int status, String contentType, byte[] body) {
    return new Response(status, Map.of("Content-Type", contentType), new Whole(body));
  }

  /// A body of unknown length, or one too long to be held in memory. It is sent as it is written,
  /// never compressed.
  public static Response streamed(int status, String contentType, BodyWriter writer) {
    return new Response(status, Map.of("Content-Type", contentType), new Streamed(writer));
  }

  /// The same with another status.
  public Response withStatus(int other) {
    return new Response(other, headers, body);
  }

  /// The same with one header more, or another value of it.
  public Response with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, more, body);
  }
}
