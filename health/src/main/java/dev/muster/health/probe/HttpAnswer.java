package dev.muster.health.probe;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The answer to a request over HTTP/1.1 (RFC 9112), as much of it as a check shows.
///
/// @param status the code and the words behind it, such as `200 OK`
/// @param headers by name, without regard to case; of several with one name, the first
/// @param body its first bytes
record HttpAnswer(int code, String status, Map<String, String> headers, String body) {
  private static final int HEAD_BYTES_MAX = 64 * 1024;
  private static final int INTERIM_MAX = 5;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ((\\d{3})( .*)?)");

  /// Reads one answer, without what comes after the part of the body that is wanted.
  ///
  /// @param method of the request: the answer to `HEAD` has no body
  static HttpAnswer read(InputStream in, String method, int bodyBytesMax) throws IOException {
    var head = new Head(in);
    for (int interim = 0; ; interim++) {
      Matcher line = STATUS_LINE.matcher(head.line());
      if (!line.matches()) {
        throw new IOException("malformed HTTP response");
      }
      int code = Integer.parseInt(line.group(2));
      Map<String, String> headers = head.headers();
      if (code >= 100 && code < 200 && code != 101 && interim < INTERIM_MAX) {
        continue;
      }
      boolean hasBody = !method.equals("HEAD") && code != 204 && code != 304;
      byte[] body = hasBody ? body(head, headers, bodyBytesMax) : new byte[0];
      return new HttpAnswer(code, line.group(1).strip(), headers, Texts.utf8(body, 0, body.length));
    }
  }

  private static byte[] body(Head head, Map<String, String> headers, int bytesMax)
      throws IOException {
    String coding = headers.getOrDefault("Transfer-Encoding", "").toLowerCase(Locale.ROOT);
    if (coding.endsWith("chunked")) {
      return chunks(head, bytesMax);
    }
    String length = headers.get("Content-Length");
    if (length == null) {
      return head.in.readNBytes(bytesMax);
    }
    try {
      return head.in.readNBytes(Math.clamp(Long.parseLong(length.strip()), 0, bytesMax));
    } catch (NumberFormatException e) {
      throw new IOException("bad Content-Length \"" + length + "\"", e);
    }
  }

  private static byte[] chunks(Head head, int bytesMax) throws IOException {
    byte[] body = new byte[bytesMax];
    int length = 0;
    while (length < bytesMax) {
      String line = head.line();
      int end = line.indexOf(';');
      long size;
      try {
        size = Long.parseLong((end < 0 ? line : line.substring(0, end)).strip(), 16);
      } catch (NumberFormatException e) {
        throw new IOException("invalid chunk length \"" + line + "\"", e);
      }
      if (size <= 0) {
        break;
      }
      int wanted = (int) Math.min(size, bytesMax - length);
      int read = head.in.readNBytes(body, length, wanted);
      length += read;
      if (read < wanted || wanted < size) {
        break;
      }
      head.line();
    }
    return Arrays.copyOf(body, length);
  }

  /// Lines of a head, bounded in all.
  private static final class Head {
    final InputStream in;
    private int left = HEAD_BYTES_MAX;

    Head(InputStream in) {
      this.in = in;
    }

    String line() throws IOException {
      var line = new StringBuilder();
      while (true) {
        int c = in.read();
        if (c < 0) {
          throw new EOFException(line.isEmpty() ? "EOF" : "unexpected EOF");
        }
        if (c == '\n') {
          int end = line.length();
          return end > 0 && line.charAt(end - 1) == '\r'
              ? line.substring(0, end - 1)
              : line.toString();
        }
        if (--left < 0) {
          throw new IOException("server response headers exceeded " + HEAD_BYTES_MAX + " bytes");
        }
        line.append((char) c);
      }
    }

    Map<String, String> headers() throws IOException {
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          headers.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
      }
      return headers;
    }
  }
}
