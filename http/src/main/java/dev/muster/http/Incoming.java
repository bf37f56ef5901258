package dev.muster.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A request of which the body is still arriving.
final class Incoming {
  /// A body over the limit is swallowed up to here, so that the client reads why and the connection
  /// goes on; beyond it, the connection ends with the answer.
  private static final long SWALLOWED_BYTES_MAX = 8L * 1024 * 1024;

  private static final byte[] NONE = {};

  private final HttpRequest head;
  private final Target target;
  private final int bytesMax;
  private final List<byte[]> pieces = new ArrayList<>(1);
  private long bytes;

  /// @throws IllegalArgumentException if its target is none; the message says why
  Incoming(HttpRequest head, Handler handler, int usualBytesMax) {
    this.head = head;
    target = Target.parse(head.uri());
    bytesMax = handler.bodyBytesMax(head.method().name(), target.path(), usualBytesMax);
  }

  HttpRequest head() {
    return head;
  }

  /// Whether the client waits to be told before it sends the body.
  boolean asksFirst() {
    return HttpUtil.is100ContinueExpected(head);
  }

  void add(ByteBuf content) {
    bytes += content.readableBytes();
    if (bytes > bytesMax) {
      pieces.clear();
    } else if (content.isReadable()) {
      byte[] piece = new byte[content.readableBytes()];
      content.readBytes(piece);
      pieces.add(piece);
    }
  }

  /// Whether it says that it is too large, or is already.
  boolean willBeTooLarge() {
    return isTooLarge() || HttpUtil.getContentLength(head, 0L) > bytesMax;
  }

  /// What is held of the body.
  int heldBytes() {
    return isTooLarge() ? 0 : (int) bytes;
  }

  boolean isTooLarge() {
    return bytes > bytesMax;
  }

  boolean isHopeless() {
    return isTooLarge() && bytes > SWALLOWED_BYTES_MAX;
  }

  Response tooLarge(Handler handler) {
    return handler.bodyTooLarge(target.path(), HttpUtil.getContentLength(head, bytes), bytesMax);
  }

  /// The whole of it; called once, at its end.
  Request request(InetAddress client) {
    Map<String, String> headers = new HashMap<>();
    head.headers()
        .forEach(
            header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    return new Request(
        head.method().name(), target.path(), target.query(), headers, body(), client);
  }

  private byte[] body() {
    return switch (pieces.size()) {
      case 0 -> NONE;
      case 1 -> pieces.getFirst();
      default -> joined();
    };
  }

  private byte[] joined() {
    byte[] whole = new byte[Math.toIntExact(bytes)];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, whole, at, piece.length);
      at += piece.length;
    }
    return whole;
  }
}
