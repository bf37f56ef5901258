package dev.muster.consul;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One request on a connection of its own, sent byte by byte as it is given, and its answer.
final class RawExchange {
  /// Longer than any answer takes, also on a busy machine.
  private static final int PATIENCE_MILLIS = 10_000;

  private static final int NOTHING = 0;

  private RawExchange() {}

  /// @param status 0 if the connection ended without an answer
  record Answer(int status, String head, String body) {}

  /// Blocks until the server has answered and closed; the request must ask it to.
  ///
  /// @param isLast whether the client says that nothing more comes
  /// @throws IOException if the server lets its client wait
  static Answer of(int port, byte[] request, boolean isLast) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      try {
        OutputStream out = socket.getOutputStream();
        out.write(request);
        if (isLast) {
          socket.shutdownOutput();
        }
      } catch (SocketException e) {
        // Refused before all was sent: the answer, if any, says why.
      }
      return parsed(all(socket.getInputStream()));
    }
  }

  private static byte[] all(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 * 1024];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        bytes.write(buffer, 0, count);
      }
    } catch (SocketException e) {
      // Cut by the server: what came before counts.
    }
    return bytes.toByteArray();
  }

  private static Answer parsed(byte[] bytes) throws IOException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.startsWith("HTTP/1.1 100 ")) {
      text = text.substring(text.indexOf("\r\n\r\n") + 4);
    }
    if (text.isEmpty()) {
      return new Answer(NOTHING, "", "");
    }
    int end = text.indexOf("\r\n\r\n");
    if (!text.startsWith("HTTP/1.1 ") || end < 0) {
      throw new IOException("no answer: " + text);
    }
    String head = text.substring(0, end);
    String body = text.substring(end + 4);
    boolean isChunked = head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked");
    return new Answer(
        Integer.parseInt(text.substring(9, 12)), head, isChunked ? "(in chunks)" : body);
  }
}
