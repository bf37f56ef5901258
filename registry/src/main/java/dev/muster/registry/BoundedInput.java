package dev.muster.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Ends with an error when more comes than may: what is compressed says nothing of how much it
/// becomes.
public final class BoundedInput extends FilterInputStream {
  private final long bytesMax;
  private long bytes;

  public BoundedInput(InputStream in, long bytesMax) {
    super(in);
    this.bytesMax = bytesMax;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    count(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] some, int from, int length) throws IOException {
    int count = super.read(some, from, length);
    count(Math.max(count, 0));
    return count;
  }

  @Override
  public long skip(long wanted) throws IOException {
    long skipped = super.skip(wanted);
    count(skipped);
    return skipped;
  }

  private void count(long more) throws IOException {
    bytes += more;
    if (bytes > bytesMax) {
      throw new IOException(
          "the snapshot becomes more than %d bytes once it is unpacked".formatted(bytesMax));
    }
  }
}
