package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.HeadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one client gets: bytes as they come, or not faster than a rate, and files, sent by the
/// kernel or compressed. Files are read by the loop, as nginx does without threads of its own; what
/// is read is in memory, mostly. Belongs to the client's loop.
final class Outflow {
  private static final Logger log = LoggerFactory.getLogger(Outflow.class);
  private static final int REGION_BYTES_MAX = 2 << 20;
  private static final int PIECE_BYTES = 64 * 1024;
  private static final double NANOS = 1e9;

  private final ClientConnection client;
  private final Worker worker;
  private final Account account;
  private final Channel channel;
  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0);
  private long rate;
  private long rateAfter;
  private long rateSince;
  private long sent;
  private @Nullable FileChannel file;
  private @Nullable Region region;
  private @Nullable Recoding recoding;
  private long position;
  private long remaining;
  private long progressAt;
  private long progress;

  /// A part of a file that leaves it open.
  private static final class Region extends DefaultFileRegion {
    Region(FileChannel file, long position, long count) {
      super(file, position, count);
    }

    @Override
    protected void deallocate() {
      // who opened the file closes it
    }
  }

  Outflow(ClientConnection client, Worker worker, Channel channel) {
    this.client = client;
    this.worker = worker;
    this.account = client.account;
    this.channel = channel;
  }

  /// From now on no more than so many octets a second; 0 for no limit.
  void limit(long octetsPerSecond, long after) {
    rate = octetsPerSecond;
    rateAfter = after;
    rateSince = worker.now();
    sent = 0;
  }

  void write(ByteBuf bytes) {
    if (rate == 0) {
      account.sent(bytes.readableBytes());
      channel.write(bytes, channel.voidPromise());
      return;
    }
    held.add(bytes);
    writeHeld();
  }

  /// Sends the head, or the whole answer, that the loop's writer holds.
  ///
  /// @param headOctets how much of it is the head
  void writeHead(int status, int headOctets) {
    HeadWriter head = worker.writer;
    account.answered(status, headOctets);
    ByteBuf out = channel.alloc().directBuffer(head.length());
    write(out.writeBytes(head.bytes(), 0, head.length()));
    channel.flush();
  }

  // Closing with unread bytes would reset the connection and could take the response away from
  // the client: then only our side is ended, and what still comes is thrown away for a while.
  void end(boolean isClean) {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            (ChannelFutureListener)
                done -> {
                  if (isClean || !done.isSuccess()) {
                    channel.close();
                  } else {
                    client.isEnded();
                    ((DuplexChannel) channel).shutdownOutput();
                  }
                });
  }

  void flush() {
    channel.flush();
  }

  /// Whether more should be written.
  boolean isWritable() {
    return held.isEmpty() && channel.isWritable();
  }

  /// Whether something of an answer was not even written yet.
  boolean isBusy() {
    return !held.isEmpty() || file != null;
  }

  private void writeHeld() {
    long allowed = allowed();
    while (allowed > 0 && !held.isEmpty()) {
      ByteBuf first = held.getFirst();
      int count = (int) Math.min(allowed, first.readableBytes());
      if (count == first.readableBytes()) {
        channel.write(held.removeFirst(), channel.voidPromise());
      } else {
        channel.write(first.readRetainedSlice(count), channel.voidPromise());
      }
      account.sent(count);
      sent += count;
      allowed -= count;
    }
  }

  // As nginx counts: what one second allows may be sent at once.
  private long allowed() {
    double seconds = (worker.now() - rateSince) / NANOS;
    return rateAfter + (long) (rate * (seconds + 1)) - sent;
  }

  /// Sends a part of a file; its head was written before.
  ///
  /// @param compressed how it is compressed; null to leave it as it is
  void send(FileChannel from, long start, long length, @Nullable Recoding compressed) {
    if (length == 0 && compressed == null) {
      channel.flush();
      return;
    }
    file = from;
    position = start;
    remaining = length;
    recoding = compressed;
    progressAt = worker.now();
    advance();
  }

  /// Writes what can be written of the file.
  void advance() {
    FileChannel from = file;
    if (from == null) {
      return;
    }
    Recoding compressed = recoding;
    if (compressed != null) {
      compress(from, compressed);
    } else if (region == null) {
      sendRegion(from);
    }
  }

  private void sendRegion(FileChannel from) {
    long count = Math.min(remaining, REGION_BYTES_MAX);
    if (rate != 0) {
      count = Math.min(count, allowed());
    }
    if (count <= 0) {
      return;
    }
    Region next = new Region(from, position, count);
    region = next;
    progress = 0;
    position += count;
    remaining -= count;
    sent += count;
    channel
        .writeAndFlush(next)
        .addListener(
            done -> {
              region = null;
              account.sent((int) next.transferred());
              progressAt = worker.now();
              if (!done.isSuccess()) {
                fail(done.cause());
              } else if (remaining == 0) {
                finish();
              } else {
                advance();
              }
            });
  }

  private void compress(FileChannel from, Recoding compressed) {
    try {
      while (isWritable() && remaining > 0) {
        int count = (int) Math.min(remaining, PIECE_BYTES);
        ByteBuf piece = channel.alloc().directBuffer(count);
        int read = piece.writeBytes(from, position, count);
        if (read <= 0) {
          piece.release();
          throw new IOException("it has become shorter");
        }
        position += read;
        remaining -= read;
        progressAt = worker.now();
        write(compressed.piece(piece));
      }
      if (remaining == 0) {
        recoding = null;
        write(compressed.last(worker.writer.clear()));
        channel.flush();
        finish();
      } else {
        channel.flush();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void finish() {
    file = null;
    worker.mark();
    client.outflowAdvanced();
  }

  private void fail(Throwable cause) {
    file = null;
    if (channel.isActive()) {
      log.warn("a file cannot be sent to its end: {}", cause.toString());
      client.close();
    }
  }

  void tick(long now) {
    if (!held.isEmpty()) {
      writeHeld();
      channel.flush();
      progressAt = now;
      if (held.isEmpty()) {
        advance();
        client.outflowAdvanced();
      }
    } else if (file != null) {
      Region current = region;
      if (current != null && current.transferred() != progress) {
        progress = current.transferred();
        progressAt = now;
      }
      if (rate != 0 && current == null && recoding == null) {
        progressAt = now;
        advance();
      }
    }
    if (file != null && now - progressAt > worker.deadlines.clientSend()) {
      client.tooSlow();
    }
  }

  /// The client is gone, or its answer is over.
  void release() {
    rate = 0;
    file = null;
    Recoding compressed = recoding;
    recoding = null;
    if (compressed != null) {
      compressed.end();
    }
    while (!held.isEmpty()) {
      held.removeFirst().release();
    }
  }
}
