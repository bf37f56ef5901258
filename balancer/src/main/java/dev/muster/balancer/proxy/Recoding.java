package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// A body that is framed anew in chunks on its way to the client, compressed (RFC 1952) or not.
/// What has come of it is passed on with every piece, so that nothing waits in here. Belongs to one
/// loop; to be ended.
final class Recoding {
  private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
  private static final byte[] CRLF = Octets.ascii("\r\n");
  private static final byte[] LAST_CHUNK = Octets.ascii("0\r\n");

  private final ByteBufAllocator allocator;
  private final CRC32 checksum = new CRC32();
  private final boolean isChunked;
  private @Nullable Deflater deflater;
  private boolean hasBegun;

  /// @param level of compression, 0 for none
  /// @param isChunked whether the client knows chunks; else the end of the connection ends the body
  Recoding(ByteBufAllocator allocator, int level, boolean isChunked) {
    this.allocator = allocator;
    this.isChunked = isChunked;
    this.deflater = level == 0 ? null : new Deflater(level, true);
  }

  /// A piece as the client gets it; the piece itself is used up.
  ByteBuf piece(ByteBuf data) {
    Deflater compressor = deflater;
    if (compressor == null) {
      return framed(data);
    }
    try {
      ByteBuf out = allocator.directBuffer(64 + data.readableBytes() / 2);
      begin(out);
      checksum.update(data.nioBuffer());
      compressor.setInput(data.nioBuffer());
      drain(compressor, out, Deflater.SYNC_FLUSH);
      return framed(out);
    } finally {
      data.release();
    }
  }

  /// The end of the body.
  ///
  /// @param trailers whole lines
  ByteBuf last(HeadWriter trailers) {
    ByteBuf out = allocator.directBuffer(64 + trailers.length());
    Deflater compressor = deflater;
    if (compressor != null) {
      begin(out);
      compressor.finish();
      drain(compressor, out, Deflater.NO_FLUSH);
      out.writeIntLE((int) checksum.getValue()).writeIntLE((int) compressor.getBytesRead());
      out = framed(out);
      end();
    }
    if (isChunked) {
      out.writeBytes(LAST_CHUNK)
          .writeBytes(trailers.bytes(), 0, trailers.length())
          .writeBytes(CRLF);
    }
    return out;
  }

  private void begin(ByteBuf out) {
    if (!hasBegun) {
      hasBegun = true;
      out.writeBytes(GZIP_HEAD);
    }
  }

  private static void drain(Deflater compressor, ByteBuf out, int flush) {
    int written;
    do {
      out.ensureWritable(256);
      int room = out.writableBytes();
      written = compressor.deflate(out.nioBuffer(out.writerIndex(), room), flush);
      out.writerIndex(out.writerIndex() + written);
      // Less than there was room for: nothing is left inside.
      if (written < room) {
        return;
      }
    } while (!compressor.finished());
  }

  // An empty chunk would end the body.
  private ByteBuf framed(ByteBuf data) {
    if (!isChunked || !data.isReadable()) {
      return data;
    }
    byte[] size = Octets.ascii(Integer.toHexString(data.readableBytes()));
    ByteBuf out = allocator.directBuffer(data.readableBytes() + size.length + 4);
    out.writeBytes(size).writeBytes(CRLF).writeBytes(data).writeBytes(CRLF);
    data.release();
    return out;
  }

  /// Gives back what it holds.
  void end() {
    Deflater compressor = deflater;
    deflater = null;
    if (compressor != null) {
      compressor.end();
    }
  }
}
