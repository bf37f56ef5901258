package dev.muster.balancer.http1;

import org.jspecify.annotations.Nullable;

/// A status line and its header block as offsets into the bytes they were read from (RFC 9112
/// sections 4 to 6). Reused for every response of an event loop; valid until the next [#parse].
/// Not thread-safe.
public final class ResponseHead {
  private static final byte[] VERSION = Octets.ascii("HTTP/1.");
  private static final Refusal BAD_STATUS_LINE = Refusal.bad("the status line is malformed");
  private static final Refusal OLD_CHUNKED =
      Refusal.bad("Transfer-Encoding does not exist in HTTP/1.0");
  private static final Refusal LINE_TOO_LONG = Refusal.bad("the status line is too long");

  private final int lineBytesMax;
  private final HeaderBlock headers;
  private byte[] bytes = new byte[0];
  private @Nullable Refusal refusal;
  private int statusStart;
  private int lineEnd;
  private int status;
  private int minor;

  /// A head within these limits.
  public ResponseHead(int lineBytesMax, int headerBytesMax, int headerCountMax) {
    this.lineBytesMax = lineBytesMax;
    this.headers = new HeaderBlock(headerBytesMax, headerCountMax);
  }

  /// Reads a head at `from`. Returns the offset after its blank line, [HeaderBlock#INCOMPLETE] or
  /// [HeaderBlock#REFUSED].
  public int parse(byte[] source, int from, int to) {
    bytes = source;
    refusal = null;
    int headersStart = statusLine(from, to);
    if (headersStart < 0) {
      return headersStart;
    }
    int end = headers.parse(source, headersStart, to);
    if (end == HeaderBlock.REFUSED) {
      return refuse(headers.refusal());
    }
    if (end == HeaderBlock.INCOMPLETE) {
      return end;
    }
    Refusal found = headers.examine();
    if (found == null && minor == 0 && headers.isChunked()) {
      found = OLD_CHUNKED;
    }
    return found == null ? end : refuse(found);
  }

  private int statusLine(int from, int to) {
    byte[] source = bytes;
    int end = Math.min(to, from + lineBytesMax);
    int known = Math.min(VERSION.length, end - from);
    for (int i = 0; i < known; i++) {
      if (source[from + i] != VERSION[i]) {
        return refuse(BAD_STATUS_LINE);
      }
    }
    // "HTTP/1.1 200" and at least one octet more
    if (end - from < 13) {
      return HeaderBlock.INCOMPLETE;
    }
    int digit = source[from + 7] - '0';
    statusStart = from + 9;
    int code = 0;
    for (int i = statusStart; i < statusStart + 3; i++) {
      if (!Octets.isDigit(source[i])) {
        return refuse(BAD_STATUS_LINE);
      }
      code = code * 10 + (source[i] - '0');
    }
    byte next = source[statusStart + 3];
    if (digit < 0
        || digit > 1
        || source[from + 8] != ' '
        || code < 100
        || code > 599
        || (next != ' ' && next != Octets.CR)) {
      return refuse(BAD_STATUS_LINE);
    }
    minor = digit;
    status = code;
    return endOfLine(from, end);
  }

  private int endOfLine(int from, int end) {
    int at = statusStart + 3;
    while (at < end && Octets.isValue(bytes[at])) {
      at++;
    }
    if (at + 1 >= end) {
      return end - from == lineBytesMax ? refuse(LINE_TOO_LONG) : HeaderBlock.INCOMPLETE;
    }
    if (bytes[at] != Octets.CR || bytes[at + 1] != Octets.LF) {
      return refuse(BAD_STATUS_LINE);
    }
    lineEnd = at + 2;
    return lineEnd;
  }

  private int refuse(Refusal why) {
    refusal = why;
    return HeaderBlock.REFUSED;
  }

  /// Why the last [#parse] returned [HeaderBlock#REFUSED].
  public Refusal refusal() {
    Refusal why = refusal;
    if (why == null) {
      throw new IllegalStateException("nothing was refused");
    }
    return why;
  }

  /// Appends `status reason` and the end of the line.
  public void writeStatus(HeadWriter out) {
    out.write(bytes, statusStart, statusStart + 3);
    if (bytes[statusStart + 3] == ' ') {
      out.write(bytes, statusStart + 3, lineEnd);
    } else {
      out.write(' ').endLine();
    }
  }

  /// Appends another status with its reason and the end of the line.
  public static void writeStatus(int status, HeadWriter out) {
    out.write(Octets.ascii(status + " " + Reasons.of(status))).endLine();
  }

  /// The header lines.
  public HeaderBlock headers() {
    return headers;
  }

  /// The status code, 100 to 599.
  public int status() {
    return status;
  }

  /// Whether the body is chunked.
  public boolean isChunked() {
    return headers.isChunked();
  }

  /// The stated length, or -1.
  public long contentLength() {
    return headers.contentLength();
  }

  /// Whether another request may follow on the connection.
  public boolean keepsAlive() {
    return minor == 1 && !headers.saysClose();
  }
}
