package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.ChunkScanner;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Refusal;
import dev.muster.balancer.request.Detour;
import dev.muster.balancer.request.Request;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Where the body of a request ends. One per connection, used for one request after another.
final class RequestBody {
  private static final Refusal TOO_LARGE = new Refusal(413, "the request body is too large");

  private final Worker worker;
  private @Nullable ChunkScanner chunks;
  private @Nullable Refusal refusal;
  private boolean exists;
  private boolean isAtEnd;
  private long remaining;
  private long length;
  private long bytesMax;

  RequestBody(Worker worker) {
    this.worker = worker;
  }

  /// Starts the next one; false if it says that it is too long.
  ///
  /// @param length -1 if it is chunked
  boolean start(long length, long most) {
    exists = length != 0;
    isAtEnd = length == 0;
    remaining = length;
    this.length = length;
    bytesMax = most;
    refusal = length > most ? TOO_LARGE : null;
    chunks =
        length < 0
            ? new ChunkScanner(worker.limits.headerBytes(), worker.limits.headerCount())
            : null;
    return refusal == null;
  }

  /// Takes no more than that from now on; false if it says that it is longer. Zero is no limit.
  boolean limit(long most) {
    if (most > 0 && most < bytesMax) {
      bytesMax = most;
    }
    return most <= 0 || length <= most;
  }

  /// Whether there is one.
  boolean exists() {
    return exists;
  }

  /// Whether there is one, and the request takes it along.
  boolean isFor(Request request) {
    Detour detour = request.detour();
    return exists && (detour == null || !detour.isBodyGone());
  }

  /// Whether a request that should take it along cannot, because it is not here any more.
  boolean isLostTo(Request request) {
    Detour detour = request.detour();
    return exists && detour != null && detour.isBodyGone() && !detour.isGet();
  }

  /// Whether all of it has come.
  boolean isAtEnd() {
    return isAtEnd;
  }

  /// Why it is refused.
  Refusal refusal() {
    Refusal why = refusal;
    if (why == null) {
      throw new IllegalStateException("nothing was refused");
    }
    return why;
  }

  /// What is here of it, or null if it is refused.
  @Nullable ByteBuf piece(Inbox inbox) {
    ChunkScanner scanner = chunks;
    if (scanner == null) {
      int count = (int) Math.min(remaining, inbox.size());
      remaining -= count;
      isAtEnd = remaining == 0;
      return inbox.take(count);
    }
    ByteBuf held = inbox.held();
    int end = scanner.scan(held, held.readerIndex(), held.writerIndex());
    if (end == HeaderBlock.REFUSED || scanner.dataBytes() > bytesMax) {
      refusal = end == HeaderBlock.REFUSED ? scanner.refusal() : TOO_LARGE;
      return null;
    }
    if (scanner.isAtEnd()) {
      isAtEnd = true;
      chunks = null;
    }
    return inbox.take(end - held.readerIndex());
  }
}
