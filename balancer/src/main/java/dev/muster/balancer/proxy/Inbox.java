package dev.muster.balancer.proxy;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Bytes that arrived and were not used yet. Usually one whole buffer, which is then passed on
/// without a copy. Belongs to one loop.
final class Inbox {
  private @Nullable ByteBuf bytes;
  private int triedBytes;
  private boolean hasNewLine;

  void add(ByteBuf more) {
    ByteBuf held = bytes;
    if (held == null) {
      bytes = more;
      return;
    }
    hasNewLine |= more.bytesBefore((byte) '\n') >= 0;
    if (held.maxFastWritableBytes() < more.readableBytes() || held.refCnt() > 1) {
      int size = held.readableBytes() + more.readableBytes();
      ByteBuf larger = held.alloc().directBuffer(Math.max(size * 2, 512));
      larger.writeBytes(held);
      held.release();
      held = larger;
      bytes = larger;
    }
    held.writeBytes(more);
    more.release();
  }

  boolean isEmpty() {
    return bytes == null;
  }

  int size() {
    return bytes == null ? 0 : bytes.readableBytes();
  }

  /// Copies from the front for reading a head; returns how many octets.
  int copyTo(byte[] target) {
    ByteBuf held = held();
    int count = Math.min(held.readableBytes(), target.length);
    held.getBytes(held.readerIndex(), target, 0, count);
    return count;
  }

  /// Notes that what is here is no whole head.
  void headIsIncomplete() {
    ByteBuf held = held();
    triedBytes = held.readableBytes();
    // What follows a carriage return is either the end of a line or malformed.
    hasNewLine = held.getByte(held.writerIndex() - 1) == '\r';
  }

  /// Whether reading a head can end otherwise than the last time: a line was completed, of which a
  /// head has a limited number, or the size has doubled. So a head that arrives octet by octet
  /// costs little more than one that arrives whole.
  boolean isWorthReading() {
    return triedBytes == 0 || hasNewLine || size() >= 2 * triedBytes;
  }

  ByteBuf held() {
    ByteBuf held = bytes;
    if (held == null) {
      throw new IllegalStateException("nothing has arrived");
    }
    return held;
  }

  void skip(int count) {
    triedBytes = 0;
    held().skipBytes(count);
    dropIfEmpty();
  }

  /// Hands over so many octets from the front.
  ByteBuf take(int count) {
    ByteBuf held = held();
    triedBytes = 0;
    if (count == held.readableBytes()) {
      bytes = null;
      return held;
    }
    return held.readRetainedSlice(count);
  }

  void dropIfEmpty() {
    ByteBuf held = bytes;
    if (held != null && !held.isReadable()) {
      clear();
    }
  }

  void clear() {
    ByteBuf held = bytes;
    bytes = null;
    triedBytes = 0;
    if (held != null) {
      held.release();
    }
  }
}
