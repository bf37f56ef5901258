package dev.muster.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/// An HTTP server that answers every request with its own name, each at once unless it was told to
/// hold them.
public final class Upstream implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
  private final String name;
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released;

  private Upstream(String name, boolean holds) throws IOException {
    this.name = name;
    released = new CountDownLatch(holds ? 1 : 0);
  }

  public static Upstream named(String name) throws IOException {
    return new Upstream(name, false).started();
  }

  /// Answers nothing before [#release].
  public static Upstream holding(String name) throws IOException {
    return new Upstream(name, true).started();
  }

  private Upstream started() {
    Thread.ofVirtual().start(this::accept);
    return this;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// A registration of this, for the agent.
  public String registration(String service, String id, String more) {
    return """
    {"Name": "%s", "ID": "%s", "Address": "127.0.0.1", "Port": %d%s}\
    """
        .formatted(service, id, port(), more.isEmpty() ? "" : ", " + more);
  }

  public CountDownLatch arrived() {
    return arrived;
  }

  public void release() {
    released.countDown();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    byte[] answer =
        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(name.length(), name)
            .getBytes(ISO_8859_1);
    try (socket;
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1))) {
      socket.setTcpNoDelay(true);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          arrived.countDown();
          released.await();
          socket.getOutputStream().write(answer);
        }
      }
    } catch (IOException e) {
      // the client is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    release();
  }
}
