package dev.muster.balancer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// An instance made of plain sockets that records the heads it gets and answers as a test says.
final class RawUpstream implements AutoCloseable {
  /// Serves one connection until it returns or throws.
  interface Script {
    void serve(Connection connection) throws IOException;
  }

  final List<String> heads = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket listener;
  private final Script script;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  RawUpstream(Script script) throws IOException {
    this.script = script;
    this.listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// Answers every request with this text, body length filled in.
  static RawUpstream answering(String body) throws IOException {
    return new RawUpstream(
        connection -> {
          while (connection.readRequest()) {
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
          }
        });
  }

  /// Reads each request and then sends exactly this.
  static RawUpstream sending(String bytes) throws IOException {
    return new RawUpstream(
        connection -> {
          while (connection.readRequest()) {
            connection.send(bytes);
          }
        });
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      script.serve(new Connection(socket));
    } catch (IOException e) {
      // the other side left
    } finally {
      open.remove(socket);
    }
  }

  /// Resets every connection and refuses new ones: what the kernel does after `kill -9`.
  void kill() throws IOException {
    listener.close();
    for (Socket socket : open) {
      try (socket) {
        socket.setSoLinger(true, 0);
      } catch (SocketException e) {
        // it closed by itself meanwhile
      }
    }
  }

  @Override
  public void close() throws IOException {
    kill();
  }

  /// One connection from the balancer.
  final class Connection {
    final Socket socket;
    final InputStream in;
    final OutputStream out;
    String head = "";
    String body = "";

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    /// Reads a head and its whole body; returns false at the end of the connection.
    boolean readRequest() throws IOException {
      if (!readHead()) {
        return false;
      }
      body = Wire.readBody(head, in);
      return true;
    }

    boolean readHead() throws IOException {
      head = Wire.readHead(in);
      if (head.isEmpty()) {
        return false;
      }
      heads.add(head);
      return true;
    }

    void send(String bytes) throws IOException {
      out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  /// Reading HTTP from a stream, forgivingly.
  static final class Wire {
    private Wire() {}

    static String readHead(InputStream in) throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      int last4 = 0;
      while (last4 != 0x0d0a0d0a) {
        int octet = in.read();
        if (octet < 0) {
          return head.toString(StandardCharsets.ISO_8859_1);
        }
        head.write(octet);
        last4 = (last4 << 8) | octet;
      }
      return head.toString(StandardCharsets.ISO_8859_1);
    }

    static String readBody(String head, InputStream in) throws IOException {
      String length = header(head, "Content-Length");
      if (!length.isEmpty()) {
        return read(in, Integer.parseInt(length));
      }
      if (!header(head, "Transfer-Encoding").isEmpty()) {
        return readChunks(in);
      }
      return "";
    }

    static String read(InputStream in, int length) throws IOException {
      return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    static String readChunks(InputStream in) throws IOException {
      StringBuilder body = new StringBuilder();
      while (true) {
        int size = Integer.parseInt(readLine(in).split(";")[0], 16);
        if (size == 0) {
          while (!readLine(in).isEmpty()) {
            // trailers
          }
          return body.toString();
        }
        body.append(read(in, size));
        readLine(in);
      }
    }

    static String readLine(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int octet = in.read(); octet != '\n'; octet = in.read()) {
        if (octet < 0) {
          throw new IOException("the connection ended in a line: " + line);
        }
        line.append((char) octet);
      }
      return line.toString().strip();
    }

    static String header(String head, String name) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }
}
