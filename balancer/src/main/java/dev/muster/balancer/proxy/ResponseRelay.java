package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.ChunkScanner;
import dev.muster.balancer.http1.Field;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.ResponseHead;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.response.Compression;
import dev.muster.balancer.response.Compression.Choice;
import dev.muster.balancer.response.ResponseRules;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The way of one response from an instance to the client: reads its head, decides how its body is
/// delimited on both sides, and passes the body on as it comes. Belongs to its exchange's loop.
final class ResponseRelay {
  /// How the body ends for the instance, and what the client gets of it.
  private enum Body {
    /// Still reading the head.
    UNKNOWN,
    NONE,
    LENGTH,
    CHUNKED,
    /// Chunked, for a client of HTTP/1.0: the data alone, up to the end of the connection.
    UNWRAPPED,
    /// Up to the end of the connection, on both sides.
    UNTIL_CLOSE,
    /// Up to the end of the instance's connection, chunked for the client.
    WRAPPED,
    TUNNEL
  }

  private static final int COPIED_BYTES_MAX = 4096;
  private static final int INTERIM_MAX = 16;
  private static final int UNWANTED_BYTES_MAX = 64 * 1024;
  private static final byte[] VERSION = Octets.ascii("HTTP/1.1 ");
  private static final byte[] CHUNKED = Octets.ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = Octets.ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = Octets.ascii("Connection: keep-alive\r\n");
  private static final byte[] WEBSOCKET =
      Octets.ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");
  private static final byte[] LAST_CHUNK = Octets.ascii("0\r\n\r\n");
  private static final byte[] CRLF = Octets.ascii("\r\n");

  private final Exchange exchange;
  private final Worker worker;
  private final Inbox inbox = new Inbox();
  private Body body = Body.UNKNOWN;
  private @Nullable ChunkScanner chunks;
  private long remaining;
  private int interim;
  private int status;
  private int told;
  private @Nullable Recoding recoding;
  private boolean isUntouched = true;
  private boolean isComplete;
  private boolean canReuse;
  private boolean keepsClient;

  ResponseRelay(Exchange exchange, Worker worker) {
    this.exchange = exchange;
    this.worker = worker;
  }

  /// The status of the response; 0 until its head was read.
  int status() {
    return status;
  }

  /// Whether no octet of a response has come.
  boolean isUntouched() {
    return isUntouched;
  }

  /// Whether the end of the instance's connection is the end of the body.
  boolean endsWithConnection() {
    return body == Body.UNTIL_CLOSE || body == Body.WRAPPED;
  }

  /// Takes over what the instance sent.
  void read(ByteBuf bytes) {
    isUntouched = false;
    inbox.add(bytes);
    if (body == Body.UNKNOWN && !inbox.isWorthReading()) {
      return;
    }
    boolean goesOn = true;
    while (goesOn && body == Body.UNKNOWN && !inbox.isEmpty()) {
      goesOn = readHead();
    }
    if (goesOn && !isComplete && !inbox.isEmpty()) {
      ByteBuf piece = bodyPiece();
      if (piece == null) {
        exchange.responseInvalid();
        return;
      }
      exchange.client().outflow.write(piece);
    }
    if (isComplete) {
      writeLast();
      // Octets after the end: the next response on this connection could not be trusted.
      boolean isClean = inbox.isEmpty();
      exchange.responseComplete(canReuse && isClean, keepsClient);
    } else {
      exchange.relayed();
    }
  }

  private boolean readHead() {
    ResponseHead head = worker.response;
    int end = head.parse(worker.scratch, 0, worker.copyHead(inbox));
    if (end == HeaderBlock.INCOMPLETE) {
      inbox.headIsIncomplete();
      return false;
    }
    boolean isUnaskedSwitch = end > 0 && head.status() == 101 && !exchange.isWebSocket();
    if (end == HeaderBlock.REFUSED || isUnaskedSwitch || interim > INTERIM_MAX) {
      exchange.responseInvalid();
      return false;
    }
    if (exchange.asksElsewhere(head.status())) {
      return false;
    }
    worker.skipHead(inbox, end);
    if (head.status() == 101) {
      switchProtocols(head);
      return true;
    }
    if (head.status() < 200) {
      interim++;
      passInterim(head);
      return true;
    }
    return start(head);
  }

  private void passInterim(ResponseHead head) {
    // HTTP/1.0 knows no interim responses (RFC 9110 section 15.2).
    if (!exchange.isVersion10()) {
      HeadWriter out = worker.writer.clear().write(VERSION);
      head.writeStatus(out);
      head.headers().drop(Field.CONTENT_LENGTH);
      head.headers().writeKept(out);
      out.endLine();
      exchange.client().account.interim(out.length());
      exchange.client().outflow.write(copy(out, null));
    }
  }

  private void switchProtocols(ResponseHead head) {
    HeadWriter out = worker.writer.clear().write(VERSION);
    head.writeStatus(out);
    head.headers().writeKept(out);
    exchange.tenure().bind(head.headers(), out);
    out.write(WEBSOCKET).endLine();
    exchange.tenure().attempts().responded(101);
    exchange.client().account.answered(101, out.length());
    exchange.client().outflow.write(copy(out, null));
    body = Body.TUNNEL;
    exchange.responseStarted();
    exchange.startTunnel();
  }

  private boolean start(ResponseHead head) {
    exchange.location().received(exchange.asked(), head);
    ResponseRules rules = exchange.location().rules();
    if (rules != null && diverts(rules, head)) {
      return false;
    }
    status = head.status();
    body = bodyOf(head);
    told = Answers.told(exchange.asked(), head.status());
    // A body where there must be none would be read as the next response.
    boolean isAmbiguous =
        body == Body.NONE && !exchange.isHead() && (head.isChunked() || hasBodyIn204(head));
    canReuse = head.keepsAlive() && !endsWithConnection() && !isAmbiguous;
    keepsClient = exchange.canKeepClient() && body != Body.UNWRAPPED && body != Body.UNTIL_CLOSE;
    remaining = head.contentLength();
    if (body != Body.NONE && told != head.status() && (told == 204 || told == 304)) {
      // What the client is told has no body.
      body = Body.NONE;
      canReuse = false;
    }
    Choice choice = rules == null || body == Body.NONE ? Choice.PLAIN : recode(rules, head);
    isComplete = body == Body.NONE;
    if (body == Body.CHUNKED || body == Body.UNWRAPPED) {
      chunks = new ChunkScanner(worker.limits.headerBytes(), worker.limits.headerCount());
    }
    // Reading the body does not touch the head, which is still in the scratch array.
    ByteBuf piece = isComplete || inbox.isEmpty() ? null : bodyPiece();
    if (piece == null && !isComplete && !inbox.isEmpty()) {
      exchange.responseInvalid();
      return false;
    }
    exchange.responseStarted();
    exchange.tenure().attempts().responded(head.status());
    HeadWriter out = worker.writer.clear();
    writeHead(head, rules, choice, out);
    exchange.client().account.answered(told, out.length());
    if (rules != null) {
      exchange
          .client()
          .outflow
          .limit(rules.rate(exchange.asked(), head.headers()), rules.rateAfter());
    }
    if (piece == null || piece.readableBytes() <= COPIED_BYTES_MAX) {
      exchange.client().outflow.write(copy(out, piece));
    } else {
      exchange.client().outflow.write(copy(out, null));
      exchange.client().outflow.write(piece);
    }
    return true;
  }

  private static boolean hasBodyIn204(ResponseHead head) {
    return head.status() == 204 && head.contentLength() > 0;
  }

  private Body bodyOf(ResponseHead head) {
    int status = head.status();
    if (exchange.isHead() || status == 204 || status == 304 || head.contentLength() == 0) {
      return Body.NONE;
    }
    if (head.isChunked()) {
      return exchange.isVersion10() ? Body.UNWRAPPED : Body.CHUNKED;
    }
    if (head.contentLength() > 0) {
      return Body.LENGTH;
    }
    return exchange.isVersion10() ? Body.UNTIL_CLOSE : Body.WRAPPED;
  }

  /// Frames the body anew if it is to be compressed or gets trailers.
  private Choice recode(ResponseRules rules, ResponseHead head) {
    Choice choice = Choice.PLAIN;
    Compression gzip = rules.compression();
    if (gzip != null) {
      HeaderBlock headers = head.headers();
      int type = headers.indexOf("content-type", 0);
      choice =
          rules.choose(
              exchange.asked(),
              told,
              type < 0 ? "" : headers.value(type),
              head.contentLength(),
              headers);
    }
    boolean isVersion10 = exchange.isVersion10();
    boolean isGzip = gzip != null && choice == Choice.GZIP;
    if (isGzip || (!isVersion10 && rules.hasTrailers(told))) {
      int level = isGzip && gzip != null ? gzip.level() : 0;
      recoding = new Recoding(exchange.client().channel.alloc(), level, !isVersion10);
      keepsClient = exchange.canKeepClient() && !isVersion10;
      if (body == Body.CHUNKED) {
        body = Body.UNWRAPPED;
      } else if (body == Body.WRAPPED) {
        body = Body.UNTIL_CLOSE;
      }
    }
    return choice;
  }

  /// Whether the client gets something else than this response, which then follows by itself.
  private boolean diverts(ResponseRules rules, ResponseHead head) {
    HeaderBlock headers = head.headers();
    boolean isError = rules.intercepts(head.status());
    String to = isError ? null : rules.redirect(headers);
    if (!isError && to == null) {
      return false;
    }
    if (isError && head.status() == 401) {
      carry(headers, "WWW-Authenticate", "www-authenticate");
    }
    if (to != null) {
      carry(headers, "Content-Type", "content-type");
      carry(headers, "Set-Cookie", "set-cookie");
      carry(headers, "Content-Disposition", "content-disposition");
      carry(headers, "Cache-Control", "cache-control");
      carry(headers, "Expires", "expires");
    }
    exchange.tenure().attempts().responded(head.status());
    exchange.letGo(head.status(), head.keepsAlive() ? left(head) : -1);
    Serving serving = exchange.client().exchangeLetGo(exchange.asked());
    if (to == null) {
      serving.instead(Answer.of(head.status(), "the instance answered with an error"));
    } else {
      serving.goTo(to);
    }
    return true;
  }

  private void carry(HeaderBlock headers, String name, String lowerCase) {
    for (int i = headers.indexOf(lowerCase, 0); i >= 0; i = headers.indexOf(lowerCase, i + 1)) {
      exchange.asked().redirected().carry(name, headers.value(i));
    }
  }

  /// How much of an unwanted body is still to come: -1 if that is unknown or much.
  private long left(ResponseHead head) {
    long here = inbox.size();
    long length = bodyOf(head) == Body.NONE ? 0 : head.contentLength();
    boolean isKnown = length >= here && length - here <= UNWANTED_BYTES_MAX;
    return isKnown ? length - here : -1;
  }

  private void writeHead(
      ResponseHead head, @Nullable ResponseRules rules, Choice choice, HeadWriter out) {
    out.write(VERSION);
    if (told == head.status()) {
      head.writeStatus(out);
    } else {
      ResponseHead.writeStatus(told, out);
    }
    if (told == 204) {
      head.headers().drop(Field.CONTENT_LENGTH);
    }
    if (rules == null) {
      head.headers().writeKept(out);
    } else {
      rules.writeProxied(exchange.asked(), head, told, choice, recoding != null, worker.date, out);
    }
    boolean isRechunked = recoding != null && !exchange.isVersion10();
    if (body == Body.CHUNKED || body == Body.WRAPPED || isRechunked) {
      out.write(CHUNKED);
    }
    exchange.tenure().bind(head.headers(), out);
    exchange.location().addHeaders(exchange.asked(), told, out);
    if (!keepsClient) {
      out.write(CLOSE);
    } else if (exchange.isVersion10()) {
      out.write(KEEP_ALIVE);
    }
    out.endLine();
  }

  /// One buffer with the head and, if there is one, a small piece of the body: cheaper to copy than
  /// to gather.
  private ByteBuf copy(HeadWriter head, @Nullable ByteBuf piece) {
    int size = piece == null ? 0 : piece.readableBytes();
    ByteBuf out = exchange.client().channel.alloc().directBuffer(head.length() + size);
    out.writeBytes(head.bytes(), 0, head.length());
    if (piece != null) {
      out.writeBytes(piece);
      piece.release();
    }
    return out;
  }

  /// What is here of the body as the client gets it, or null if it is malformed.
  private @Nullable ByteBuf bodyPiece() {
    ByteBuf piece = plainPiece();
    Recoding coding = recoding;
    return coding == null || piece == null || !piece.isReadable() ? piece : coding.piece(piece);
  }

  private @Nullable ByteBuf plainPiece() {
    int size = inbox.size();
    return switch (body) {
      case LENGTH -> {
        int count = (int) Math.min(remaining, size);
        remaining -= count;
        isComplete = remaining == 0;
        yield inbox.take(count);
      }
      case CHUNKED, UNWRAPPED -> chunkedPiece();
      case UNTIL_CLOSE, TUNNEL -> inbox.take(size);
      case WRAPPED -> wrapped(inbox.take(size));
      case UNKNOWN, NONE -> throw new IllegalStateException(body.name());
    };
  }

  private @Nullable ByteBuf chunkedPiece() {
    ChunkScanner scanner = chunks;
    if (scanner == null) {
      throw new IllegalStateException("no scanner for a chunked body");
    }
    ByteBuf held = inbox.held();
    int from = held.readerIndex();
    ByteBuf data = null;
    int end;
    if (body == Body.UNWRAPPED) {
      data = held.alloc().directBuffer(held.readableBytes());
      end = scanner.unwrap(held, from, held.writerIndex(), data);
    } else {
      end = scanner.scan(held, from, held.writerIndex());
    }
    if (end == HeaderBlock.REFUSED) {
      if (data != null) {
        data.release();
      }
      return null;
    }
    isComplete = scanner.isAtEnd();
    if (data == null) {
      return inbox.take(end - from);
    }
    inbox.skip(end - from);
    return data;
  }

  private static ByteBuf wrapped(ByteBuf data) {
    byte[] size = Octets.ascii(Integer.toHexString(data.readableBytes()));
    ByteBuf out = data.alloc().directBuffer(data.readableBytes() + size.length + 4);
    out.writeBytes(size).writeBytes(CRLF).writeBytes(data).writeBytes(CRLF);
    data.release();
    return out;
  }

  /// The connection ended, and with it the body.
  void finish() {
    if (body == Body.WRAPPED) {
      ByteBuf last = exchange.client().channel.alloc().directBuffer(LAST_CHUNK.length);
      exchange.client().outflow.write(last.writeBytes(LAST_CHUNK));
    }
    writeLast();
    exchange.responseComplete(false, keepsClient);
  }

  /// Forgets what was read: another response takes its place.
  void startOver() {
    inbox.clear();
    interim = 0;
    isUntouched = true;
  }

  private void writeLast() {
    Recoding coding = recoding;
    ResponseRules rules = exchange.location().rules();
    if (coding != null && rules != null) {
      HeadWriter trailers = worker.writer.clear();
      if (rules.hasTrailers(told)) {
        rules.writeTrailers(exchange.asked(), told, trailers);
      }
      exchange.client().outflow.write(coding.last(trailers));
    }
  }

  void release() {
    inbox.clear();
    Recoding coding = recoding;
    recoding = null;
    if (coding != null) {
      coding.end();
    }
  }
}
