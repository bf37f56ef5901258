package dev.muster.balancer;

import dev.muster.balancer.RawUpstream.Wire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A client made of a plain socket that can send what no HTTP library would.
final class RawClient implements AutoCloseable {
  static final int TIMEOUT_MILLIS = 10_000;

  final Socket socket;
  final InputStream in;

  /// What came back: the head as sent, and the body without its framing.
  record Response(String head, String body) {
    int status() {
      return head.length() < 12 ? 0 : Integer.parseInt(head.substring(9, 12));
    }

    String header(String name) {
      return Wire.header(head, name);
    }
  }

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  RawClient send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  Response get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n").read();
  }

  Response read() throws IOException {
    String head = Wire.readHead(in);
    if (head.isEmpty()) {
      return new Response("", "");
    }
    int status = Integer.parseInt(head.substring(9, 12));
    if (status < 200 || status == 204 || status == 304) {
      return new Response(head, "");
    }
    boolean isDelimited =
        !Wire.header(head, "Content-Length").isEmpty()
            || !Wire.header(head, "Transfer-Encoding").isEmpty();
    return new Response(head, isDelimited ? Wire.readBody(head, in) : rest());
  }

  /// The head alone, for what has no body.
  Response readHead() throws IOException {
    return new Response(Wire.readHead(in), "");
  }

  /// Everything up to the end of the connection.
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
