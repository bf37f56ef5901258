package dev.muster.balancer.http1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A request line and its header block as offsets into the bytes they were read from (RFC 9112
/// sections 2, 3, 5 and 6). Reused for every request of an event loop; valid until the next
/// [#parse]. Not thread-safe.
public final class RequestHead {
  private static final byte[] VERSION = Octets.ascii("HTTP/1.1\r\n");
  private static final byte[] HTTP = Octets.ascii("http://");
  private static final byte[] HTTPS = Octets.ascii("https://");
  private static final byte[] CONTINUE = Octets.ascii("100-continue");
  private static final byte[] WEBSOCKET = Octets.ascii("websocket");
  private static final byte[] CONNECT = Octets.ascii("CONNECT");
  private static final byte[] GET = Octets.ascii("GET");
  private static final byte[] HEAD = Octets.ascii("HEAD");
  private static final byte[] OPTIONS = Octets.ascii("OPTIONS");
  private static final byte[] PUT = Octets.ascii("PUT");
  private static final byte[] DELETE = Octets.ascii("DELETE");
  private static final byte[] TRACE = Octets.ascii("TRACE");

  private static final Refusal LINE_TOO_LONG = new Refusal(414, "the request line is too long");
  private static final Refusal BAD_METHOD = Refusal.bad("the method is not a token");
  private static final Refusal BAD_TARGET = Refusal.bad("the request target is malformed");
  private static final Refusal BAD_VERSION =
      Refusal.bad("the request line does not end in a space and an HTTP version");
  private static final Refusal OTHER_VERSION =
      new Refusal(505, "only HTTP/1.1 and HTTP/1.0 are understood");
  private static final Refusal NO_TUNNELS = new Refusal(501, "CONNECT is not supported");
  private static final Refusal NO_TRACE = new Refusal(501, "TRACE is not supported");
  private static final Refusal BAD_HOST = Refusal.bad("the host is malformed");
  private static final Refusal OLD_CHUNKED =
      Refusal.bad("Transfer-Encoding does not exist in HTTP/1.0");

  private final int lineBytesMax;
  private final HeaderBlock headers;
  private final TargetPath path;
  private byte[] bytes = new byte[0];
  private @Nullable Refusal refusal;
  private int targetStart;
  private int methodStart;
  private int methodEnd;
  private int targetEnd;
  private int originStart;
  private int authorityStart;
  private int authorityEnd;
  private int hostEnd;
  private int minor;
  private boolean isAbsolute;
  private boolean isAsterisk;
  private boolean isLineRead;

  /// A head within these limits.
  public RequestHead(int lineBytesMax, int headerBytesMax, int headerCountMax) {
    this.lineBytesMax = lineBytesMax;
    this.headers = new HeaderBlock(headerBytesMax, headerCountMax);
    this.path = new TargetPath(lineBytesMax);
  }

  private RequestHead(RequestHead other) {
    lineBytesMax = other.lineBytesMax;
    bytes = Arrays.copyOf(other.bytes, Math.max(other.targetEnd, other.headers.end()));
    headers = other.headers.copy(bytes);
    path = other.path.copy(bytes);
    refusal = other.refusal;
    targetStart = other.targetStart;
    methodStart = other.methodStart;
    methodEnd = other.methodEnd;
    targetEnd = other.targetEnd;
    originStart = other.originStart;
    authorityStart = other.authorityStart;
    authorityEnd = other.authorityEnd;
    hostEnd = other.hostEnd;
    minor = other.minor;
    isAbsolute = other.isAbsolute;
    isAsterisk = other.isAsterisk;
  }

  /// One of its own, just large enough, that outlives the next [#parse].
  public RequestHead copy() {
    return new RequestHead(this);
  }

  /// Reads a head at `from`. Returns the offset after its blank line, [HeaderBlock#INCOMPLETE] or
  /// [HeaderBlock#REFUSED].
  public int parse(byte[] source, int from, int to) {
    bytes = source;
    refusal = null;
    isLineRead = false;
    int start = from;
    // RFC 9112 section 2.2: an empty line before a request is forgiven, once.
    if (start < to && source[start] == Octets.CR) {
      if (start + 1 == to) {
        return HeaderBlock.INCOMPLETE;
      }
      if (source[start + 1] != Octets.LF) {
        return refuse(Refusal.BARE_CR);
      }
      start += 2;
    }
    int headersStart = requestLine(start, to);
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
    Refusal found = examine();
    return found == null ? end : refuse(found);
  }

  private int requestLine(int start, int to) {
    byte[] source = bytes;
    int end = Math.min(to, start + lineBytesMax);
    int at = start;
    while (at < end && Octets.isToken(source[at])) {
      at++;
    }
    if (at == end) {
      return ranOut(start, end);
    }
    if (source[at] != ' ' || at == start) {
      return refuse(source[at] == Octets.LF ? Refusal.BARE_LF : BAD_METHOD);
    }
    methodStart = start;
    methodEnd = at++;
    originStart = at;
    targetStart = at;
    while (at < end && Octets.isTarget(source[at])) {
      at++;
    }
    if (at == end) {
      return ranOut(start, end);
    }
    if (at == originStart) {
      return refuse(BAD_TARGET);
    }
    if (source[at] != ' ') {
      return refuse(
          switch (source[at]) {
            case Octets.LF -> Refusal.BARE_LF;
            case Octets.CR -> BAD_VERSION;
            default -> BAD_TARGET;
          });
    }
    targetEnd = at;
    return version(start, at + 1, end);
  }

  private int version(int lineStart, int start, int end) {
    boolean isOther = false;
    for (int i = 0; i < VERSION.length; i++) {
      if (start + i == end) {
        return ranOut(lineStart, end);
      }
      byte found = bytes[start + i];
      boolean isNumber = i == 5 || i == 7;
      if (isNumber && Octets.isDigit(found)) {
        isOther |= i == 5 ? found != '1' : found > '1';
      } else if (found != VERSION[i]) {
        return refuse(found == Octets.LF ? Refusal.BARE_LF : BAD_VERSION);
      }
    }
    if (isOther) {
      return refuse(OTHER_VERSION);
    }
    minor = bytes[start + 7] - '0';
    isLineRead = true;
    return start + VERSION.length;
  }

  private int ranOut(int start, int end) {
    return end - start == lineBytesMax ? refuse(LINE_TOO_LONG) : HeaderBlock.INCOMPLETE;
  }

  private @Nullable Refusal examine() {
    Refusal found = headers.examine();
    if (found == null && minor == 0 && headers.isChunked()) {
      found = OLD_CHUNKED;
    }
    if (found == null) {
      found = examineTarget();
    }
    return found == null ? examineHost() : found;
  }

  private @Nullable Refusal examineTarget() {
    isAbsolute = false;
    isAsterisk = false;
    if (isMethod(CONNECT)) {
      return NO_TUNNELS;
    }
    if (isMethod(TRACE)) {
      return NO_TRACE;
    }
    int start = originStart;
    if (bytes[start] == '/') {
      return readPath(start);
    }
    if (bytes[start] == '*' && targetEnd - start == 1 && isMethod(OPTIONS)) {
      isAsterisk = true;
      path.root();
      return null;
    }
    int authority = afterScheme(start);
    if (authority < 0) {
      return BAD_TARGET;
    }
    isAbsolute = true;
    int at = authority;
    while (at < targetEnd && bytes[at] != '/' && bytes[at] != '?') {
      at++;
    }
    authorityStart = authority;
    authorityEnd = at;
    originStart = at;
    if (at < targetEnd && bytes[at] == '/') {
      return readPath(at);
    }
    path.root();
    return null;
  }

  // Virtual servers resolve dot segments; who does not has to refuse them.
  private @Nullable Refusal readPath(int start) {
    Refusal found = path.read(bytes, start, targetEnd);
    return path.hasDotSegment() ? null : found;
  }

  private int afterScheme(int start) {
    int length = targetEnd - start;
    if (length > HTTP.length
        && Octets.equalsIgnoringCase(bytes, start, start + HTTP.length, HTTP)) {
      return start + HTTP.length;
    }
    if (length > HTTPS.length
        && Octets.equalsIgnoringCase(bytes, start, start + HTTPS.length, HTTPS)) {
      return start + HTTPS.length;
    }
    return -1;
  }

  private @Nullable Refusal examineHost() {
    int hosts = headers.count(Field.HOST);
    if (hosts > 1) {
      return Refusal.bad("more than one Host");
    }
    if (hosts == 0 && minor == 1) {
      return Refusal.bad("no Host");
    }
    if (hosts == 1) {
      int index = headers.indexOf(Field.HOST);
      int end = hostEnd(headers.valueStart(index), headers.valueEnd(index));
      if (end < 0) {
        return BAD_HOST;
      }
      if (!isAbsolute) {
        authorityStart = headers.valueStart(index);
        authorityEnd = headers.valueEnd(index);
        hostEnd = end;
      }
    } else if (!isAbsolute) {
      authorityStart = 0;
      authorityEnd = 0;
      hostEnd = 0;
    }
    if (isAbsolute) {
      hostEnd = hostEnd(authorityStart, authorityEnd);
      headers.drop(Field.HOST);
      return hostEnd < 0 ? BAD_HOST : null;
    }
    return null;
  }

  /// Where the host ends and a port may start, or -1 if it is no `host[:port]` (RFC 3986 3.2.2).
  private int hostEnd(int from, int to) {
    int at = from;
    if (at < to && bytes[at] == '[') {
      at++;
      while (at < to && (Octets.hexDigit(bytes[at]) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
        at++;
      }
      if (at == to || bytes[at] != ']' || at - from < 3) {
        return -1;
      }
      at++;
    } else {
      while (at < to && Octets.isHost(bytes[at])) {
        at++;
      }
    }
    if (at == from || (at < to && bytes[at] != ':') || to - at > 6) {
      return -1;
    }
    int port = 0;
    for (int i = at + 1; i < to; i++) {
      if (!Octets.isDigit(bytes[i])) {
        return -1;
      }
      port = port * 10 + (bytes[i] - '0');
    }
    return port > 65535 ? -1 : at;
  }

  private boolean isMethod(byte[] method) {
    return Arrays.equals(bytes, methodStart, methodEnd, method, 0, method.length);
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

  /// What is known of a head that was refused: its request line, if that could be read, and no
  /// field. Outlives the next [#parse].
  public RequestHead refused() {
    RequestHead known = new RequestHead(0, 0, 0);
    known.path.root();
    known.minor = 1;
    if (isLineRead) {
      known.bytes = Arrays.copyOf(bytes, targetEnd);
      known.methodStart = methodStart;
      known.methodEnd = methodEnd;
      known.originStart = originStart;
      known.targetStart = targetStart;
      known.targetEnd = targetEnd;
      known.minor = minor;
    }
    return known;
  }

  /// Appends `method target HTTP/1.1` with the target in origin form, query included.
  public void writeRequestLine(HeadWriter out) {
    out.write(bytes, methodStart, methodEnd).write(' ');
    if (isAbsolute && (originStart == targetEnd || bytes[originStart] == '?')) {
      out.write('/');
    }
    out.write(bytes, originStart, targetEnd).write(' ').write(VERSION);
  }

  /// Appends the authority: `host[:port]` of an absolute target, else of the Host field.
  public void writeAuthority(HeadWriter out) {
    out.write(bytes, authorityStart, authorityEnd);
  }

  /// The bytes all offsets point into.
  public byte[] bytes() {
    return bytes;
  }

  /// The header lines.
  public HeaderBlock headers() {
    return headers;
  }

  /// The path in the form routes are matched on.
  public TargetPath path() {
    return path;
  }

  /// How long the method is.
  public int methodLength() {
    return methodEnd - methodStart;
  }

  /// Where the method starts.
  public int methodStart() {
    return methodStart;
  }

  /// Where the method ends.
  public int methodEnd() {
    return methodEnd;
  }

  /// Where the target starts, as it was sent.
  public int targetStart() {
    return targetStart;
  }

  /// Where the target ends.
  public int targetEnd() {
    return targetEnd;
  }

  /// Where the query starts, its question mark excluded; the end of the target if there is none.
  public int queryStart() {
    int at = originStart;
    while (at < targetEnd && bytes[at] != '?') {
      at++;
    }
    return Math.min(at + 1, targetEnd);
  }

  /// Where the host starts, port excluded.
  public int hostStart() {
    return authorityStart;
  }

  /// Where the host ends; equal to [#hostStart()] if an HTTP/1.0 client named none.
  public int hostEnd() {
    return hostEnd;
  }

  /// Where the host and its port end.
  public int authorityEnd() {
    return authorityEnd;
  }

  /// Whether the target named the host, which then replaces the Host field (RFC 9112 3.2.2).
  public boolean isAbsolute() {
    return isAbsolute;
  }

  /// Whether the target is `*`.
  public boolean isAsterisk() {
    return isAsterisk;
  }

  /// Whether the client speaks HTTP/1.0.
  public boolean isVersion10() {
    return minor == 0;
  }

  /// Whether the client wants the connection kept after the response.
  public boolean keepsAlive() {
    return minor == 1 ? !headers.saysClose() : headers.saysKeepAlive() && !headers.saysClose();
  }

  /// The length of the body, 0 without one, -1 if it is chunked.
  public long bodyLength() {
    return headers.isChunked() ? -1 : Math.max(0, headers.contentLength());
  }

  /// Whether the request may be sent twice (RFC 9110 section 9.2.2).
  public boolean isIdempotent() {
    return isMethod(GET)
        || isMethod(HEAD)
        || isMethod(PUT)
        || isMethod(DELETE)
        || isMethod(OPTIONS);
  }

  /// Whether the response has no body whatever its fields say.
  public boolean isHead() {
    return isMethod(HEAD);
  }

  /// Whether the client waits for `100 Continue` before it sends the body.
  public boolean expectsContinue() {
    int index = headers.indexOf(Field.EXPECT);
    return index >= 0
        && Octets.equalsIgnoringCase(
            bytes, headers.valueStart(index), headers.valueEnd(index), CONTINUE);
  }

  /// Whether the client asks to go on as WebSocket; every other upgrade is not passed on.
  public boolean upgradesToWebSocket() {
    int index = headers.saysUpgrade() ? headers.indexOf(Field.UPGRADE) : -1;
    return index >= 0
        && minor == 1
        && bodyLength() == 0
        && isMethod(GET)
        && Octets.equalsIgnoringCase(
            bytes, headers.valueStart(index), headers.valueEnd(index), WEBSOCKET);
  }
}
