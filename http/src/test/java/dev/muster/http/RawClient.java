package dev.muster.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A client that sends exactly what it is told, byte by byte.
final class RawClient implements AutoCloseable {
  private final Socket socket = new Socket();
  private final InputStream in;

  RawClient(InetSocketAddress server) throws IOException {
    this(server, new InetSocketAddress("127.0.0.1", 0));
  }

  /// @param from the address of this client
  RawClient(InetSocketAddress server, InetSocketAddress from) throws IOException {
    socket.setReceiveBufferSize(64 * 1024);
    socket.bind(from);
    socket.connect(server);
    socket.setSoTimeout(10_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  record Answer(int status, Map<String, String> headers, String body) {}

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /// The next answer; blocks until it is whole.
  Answer answer() throws IOException {
    return answer(true);
  }

  /// @param hasBody false for the answer to a HEAD request
  Answer answer(boolean hasBody) throws IOException {
    Answer head = head();
    if (!hasBody) {
      return head;
    }
    String body =
        head.headers().getOrDefault("transfer-encoding", "").equals("chunked")
            ? chunks()
            : text(Integer.parseInt(head.headers().getOrDefault("content-length", "0")));
    return new Answer(head.status(), head.headers(), body);
  }

  /// Only the start of the next answer, up to its body.
  Answer head() throws IOException {
    String[] first = line().split(" ");
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(first[1]), headers, "");
  }

  private String chunks() throws IOException {
    var body = new StringBuilder();
    for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
      body.append(chunk);
    }
    return body.toString();
  }

  /// The next piece of a chunked body; empty is the end of it.
  String chunk() throws IOException {
    String chunk = text(Integer.parseInt(line(), 16));
    line();
    return chunk;
  }

  private String text(int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
  }

  /// All until the server ends the connection.
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("closed after \"" + line + "\"");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /// Whether the server ends the connection; blocks until it does.
  boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  boolean hasNothingToRead() throws IOException {
    return in.available() == 0;
  }

  /// Sends into the void until the server has ended the connection.
  void awaitEndWithoutReading() {
    try {
      while (true) {
        socket.getOutputStream().write(new byte[1000]);
      }
    } catch (IOException e) {
      // What was waited for.
    }
  }

  /// Closes this half: no more requests.
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
