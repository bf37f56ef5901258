package dev.muster.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/// The body of a streamed response: one piece is gathered while none is under way, so a client that
/// does not keep up holds the writer and costs no more memory. Used by the request's own thread.
final class BodyStream extends OutputStream {
  private static final int PIECE_BYTES = 32 * 1024;
  private static final int PIECE_BYTES_MIN = 256;

  private final ChannelHandlerContext context;
  private final HttpResponse head;
  private byte[] piece = new byte[0];
  private int filled;
  private boolean isBegun;
  private boolean isEnded;

  BodyStream(ChannelHandlerContext context, HttpResponse head) {
    this.context = context;
    this.head = head;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    requireOpen();
    int at = offset;
    int left = length;
    while (left > 0) {
      if (filled == piece.length) {
        makeRoom(left);
      }
      int count = Math.min(left, piece.length - filled);
      System.arraycopy(bytes, at, piece, filled, count);
      filled += count;
      at += count;
      left -= count;
    }
  }

  /// Small bodies, and the lines of a log, never need a whole piece.
  private void makeRoom(int wanted) throws IOException {
    if (filled == PIECE_BYTES) {
      flush();
    } else {
      int length = Math.max(Math.max(2 * filled, filled + wanted), PIECE_BYTES_MIN);
      piece = Arrays.copyOf(piece, Math.min(PIECE_BYTES, length));
    }
  }

  @Override
  public void flush() throws IOException {
    requireOpen();
    if (filled > 0) {
      begin();
      await(context.writeAndFlush(new DefaultHttpContent(taken())));
    } else if (!isBegun) {
      isBegun = true;
      await(context.writeAndFlush(head));
    }
  }

  private void begin() {
    if (!isBegun) {
      isBegun = true;
      context.write(head);
    }
  }

  /// The piece is used again, once it was sent.
  private ByteBuf taken() {
    ByteBuf taken = Unpooled.wrappedBuffer(piece, 0, filled);
    filled = 0;
    return taken;
  }

  private static void await(ChannelFuture sent) throws IOException {
    try {
      sent.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("the client is gone").initCause(e);
    }
    if (!sent.isSuccess()) {
      throw new IOException("the client is gone", sent.cause());
    }
  }

  private void requireOpen() throws IOException {
    if (isEnded) {
      throw new IOException("the response has ended: its writer must be done when it returns");
    }
  }

  /// Whether the client has seen anything of the response.
  boolean isBegun() {
    return isBegun;
  }

  /// Takes no more; what is left goes with the end.
  LastHttpContent end() {
    isEnded = true;
    begin();
    return filled == 0 ? new DefaultLastHttpContent() : new DefaultLastHttpContent(taken());
  }

  @Override
  public void close() throws IOException {
    if (!isEnded) {
      flush();
    }
  }
}
