package dev.muster.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file of a unix socket. It outlives a server that was killed, and is then in the way of the
/// next one.
final class SocketFile {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

  private SocketFile() {}

  /// Takes away what a server left that is no more.
  ///
  /// @throws IOException if somebody listens there, or the file is no socket
  static void clear(UnixDomainSocketAddress address) throws IOException {
    Path file = address.getPath();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    var is = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!is.isOther()) {
      throw new IOException("cannot listen on " + file + ": there is a file that is no socket");
    }
    if (isListenedTo(address)) {
      throw new IOException("cannot listen on " + file + ": Address already in use");
    }
    Files.delete(file);
  }

  /// A file that stays is cleared by the next server.
  static void remove(UnixDomainSocketAddress address) {
    try {
      Files.deleteIfExists(address.getPath());
    } catch (IOException e) {
      LOG.debug("{} stays", address, e);
    }
  }

  private static boolean isListenedTo(UnixDomainSocketAddress address) throws IOException {
    try (var other = SocketChannel.open(address)) {
      return other.isConnected();
    } catch (ConnectException e) {
      return false; // refused: nobody is behind it
    }
  }
}
