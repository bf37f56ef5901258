package dev.muster.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A complete response. `Content-Length`, `Date` and `Connection` are the server's to add.
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Response(int status, Map<String, String> headers, byte[] body) {
  private static final byte[] EMPTY = {};

  public static Response empty(int status) {
    return new Response(status, Map.of(), EMPTY);
  }

  /// Plain text in UTF-8.
  public static Response text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  public static Response of(int status, String contentType, byte[] body) {
    return new Response(status, Map.of("Content-Type", contentType), body);
  }

  /// The same with one header more, or another value of it.
  public Response with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, more, body);
  }
}
