package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.TargetPath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// A request kept so that it can be sent, and sent once more: its head, and a copy of what has come
/// of its body. Copied because pieces of a body may be tiny parts of large buffers. Belongs to one
/// loop.
final class Replay {
  private final int pathStart;
  private final int bodyBytesMax;
  private @Nullable ByteBuf head;
  private @Nullable ByteBuf body;

  Replay(ByteBufAllocator allocator, HeadWriter written, int pathStart, int bodyBytesMax) {
    this.pathStart = pathStart;
    this.bodyBytesMax = bodyBytesMax;
    this.head =
        allocator.directBuffer(written.length()).writeBytes(written.bytes(), 0, written.length());
  }

  /// Whether the whole request is still here.
  boolean isKept() {
    return head != null;
  }

  /// Whether so much of the body is here that no more should be read before it is sent.
  boolean isFull() {
    return bodyBytes() >= bodyBytesMax;
  }

  /// Whether a piece more still keeps the limit.
  boolean hasRoomFor(ByteBuf piece) {
    return bodyBytes() + piece.readableBytes() <= bodyBytesMax;
  }

  private int bodyBytes() {
    return body == null ? 0 : body.readableBytes();
  }

  /// Copies a piece; the caller keeps it.
  void add(ByteBuf piece) {
    ByteBuf kept = body;
    if (kept == null) {
      kept = piece.alloc().directBuffer(piece.readableBytes());
      body = kept;
    }
    kept.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
  }

  /// Writes the request without the first `strip` octets of its matched path, and forgets it unless
  /// it may be sent again.
  void writeTo(UpstreamConnection to, int strip, boolean mayBeSentAgain) {
    ByteBuf sent = head;
    if (sent == null) {
      throw new IllegalStateException("a request is sent again that is not kept");
    }
    // An earlier connection may have moved the reader index before it died.
    sent.setIndex(0, sent.writerIndex());
    if (strip > 0) {
      int cut = TargetPath.sentLength(sent, pathStart, strip);
      to.write(stripped(sent, cut));
    } else {
      to.write(sent.retain());
    }
    ByteBuf sentBody = body;
    if (sentBody != null) {
      to.write(sentBody.retainedDuplicate());
    }
    if (!mayBeSentAgain || bodyBytes() > bodyBytesMax) {
      forget();
    }
  }

  /// A copy of the head without the first `cut` octets of its path.
  private ByteBuf stripped(ByteBuf from, int cut) {
    int rest = pathStart + cut;
    ByteBuf stripped = from.alloc().directBuffer(from.writerIndex());
    stripped.writeBytes(from, 0, pathStart);
    if (from.getByte(rest) != '/') {
      stripped.writeByte('/');
    }
    return stripped.writeBytes(from, rest, from.writerIndex() - rest);
  }

  void forget() {
    ByteBuf oldHead = head;
    ByteBuf oldBody = body;
    head = null;
    body = null;
    if (oldHead != null) {
      oldHead.release();
    }
    if (oldBody != null) {
      oldBody.release();
    }
  }
}
