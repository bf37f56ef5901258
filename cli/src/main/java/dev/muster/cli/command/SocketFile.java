package dev.muster.cli.command;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// The bytes of a connection to a socket file. Who waits for them may be interrupted, and waits no
/// longer than it said.
final class SocketFile extends InputStream {
  private final SocketChannel channel;
  private final Selector selector;
  private final long patienceMillis;

  private SocketFile(SocketChannel channel, Selector selector, long patienceMillis) {
    this.channel = channel;
    this.selector = selector;
    this.patienceMillis = patienceMillis;
  }

  /// @param channel connected; closed with this
  /// @param patienceMillis how long to wait for the next bytes; 0 for ever
  static SocketFile of(SocketChannel channel, long patienceMillis) throws IOException {
    try {
      channel.configureBlocking(false);
      return new SocketFile(channel, Selector.open(), patienceMillis);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  void write(byte... bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  void write(byte[] bytes, int from, int length) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, from, length);
    while (rest.hasRemaining()) {
      if (channel.write(rest) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    ByteBuffer into = ByteBuffer.wrap(bytes, from, length);
    while (true) {
      int count = channel.read(into);
      if (count != 0 || length == 0) {
        return count;
      }
      await(SelectionKey.OP_READ);
    }
  }

  private void await(int operation) throws IOException {
    channel.register(selector, operation);
    boolean isReady = selector.select(patienceMillis) > 0;
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      close();
      throw new ClosedByInterruptException();
    }
    if (!isReady) {
      throw new SocketTimeoutException("Read timed out");
    }
  }

  @Override
  public void close() {
    closeQuietly(selector);
    closeQuietly(channel);
  }

  private static void closeQuietly(Closeable resource) {
    try {
      resource.close();
    } catch (IOException e) {
      // nothing is lost: whatever was to be read has been read
    }
  }
}
