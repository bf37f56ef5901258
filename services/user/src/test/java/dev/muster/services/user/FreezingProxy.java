package dev.muster.services.user;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Stands before a TCP server, and while frozen carries nothing in either direction: connections
/// stay open and are taken, as with a host that hangs. What came in while frozen is never carried.
final class FreezingProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final int target;
  private volatile boolean isFrozen;

  FreezingProxy(int target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  void freeze() {
    isFrozen = true;
  }

  /// Carries again, for connections made from now on; the others are cut.
  void thaw() throws IOException {
    isFrozen = false;
    cutAll();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        if (!isFrozen) {
          Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
          sockets.add(server);
          Thread.ofVirtual().start(() -> carry(client, server));
          Thread.ofVirtual().start(() -> carry(server, client));
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] part = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(part); length >= 0; length = in.read(part)) {
        if (!isFrozen) {
          out.write(part, 0, length);
        }
      }
    } catch (IOException e) {
      // Cut.
    }
  }

  private void cutAll() throws IOException {
    for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cutAll();
  }
}
