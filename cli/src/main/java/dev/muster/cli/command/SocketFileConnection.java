package dev.muster.cli.command;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URL;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A request through a socket file, which the JDK's own connections cannot ask through. For one
/// request; to be used by one thread at a time.
final class SocketFileConnection extends HttpURLConnection {
  private static final int HEAD_BYTES_MAX = 64 << 10;

  private final Path file;
  private final Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private @Nullable SocketFile socket;
  private @Nullable InputStream body;

  SocketFileConnection(Path file, URL url) {
    super(url);
    this.file = file;
  }

  @Override
  public void connect() throws IOException {
    var _ = connected();
  }

  private SocketFile connected() throws IOException {
    if (socket != null) {
      return socket;
    }
    var head = new StringBuilder();
    head.append(getRequestMethod()).append(' ').append(url.getFile()).append(" HTTP/1.1\r\n");
    head.append("Host: localhost\r\nConnection: close\r\n");
    getRequestProperties()
        .forEach(
            (name, values) ->
                values.forEach(
                    value -> head.append(name).append(": ").append(value).append("\r\n")));
    if (getDoOutput()) {
      head.append("Content-Length: ").append(fixedContentLengthLong).append("\r\n");
    }
    head.append("\r\n");
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
    SocketFile opened = SocketFile.of(channel, getReadTimeout());
    socket = opened;
    connected = true;
    opened.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    return opened;
  }

  /// Not closed by closing this: the answer is still to come.
  @Override
  public OutputStream getOutputStream() throws IOException {
    SocketFile to = connected();
    return new BufferedOutputStream(
        new OutputStream() {
          @Override
          public void write(int each) throws IOException {
            to.write((byte) each);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            to.write(bytes, from, length);
          }
        });
  }

  @Override
  public int getResponseCode() throws IOException {
    var _ = answer();
    return responseCode;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return answer();
  }

  @Override
  public @Nullable InputStream getErrorStream() {
    return body;
  }

  @Override
  public @Nullable String getHeaderField(@Nullable String name) {
    return name == null ? null : fields.get(name);
  }

  private InputStream answer() throws IOException {
    if (body != null) {
      return body;
    }
    InputStream in = new BufferedInputStream(connected());
    int left = HEAD_BYTES_MAX;
    String status = HttpBody.line(in, left);
    if (!status.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new ProtocolException("what listens there does not speak HTTP");
    }
    responseCode = Integer.parseInt(status.substring(9, 12));
    for (String line = HttpBody.line(in, left); !line.isEmpty(); line = HttpBody.line(in, left)) {
      left -= line.length() + 2;
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    InputStream found = bodyOf(in);
    body = found;
    return found;
  }

  private InputStream bodyOf(InputStream in) throws IOException {
    if (responseCode == HTTP_NO_CONTENT) {
      return InputStream.nullInputStream();
    }
    String coding = fields.getOrDefault("Transfer-Encoding", "").toLowerCase(Locale.ROOT);
    if (coding.equals("chunked")) {
      return HttpBody.chunked(in);
    }
    String length = fields.getOrDefault("Content-Length", "");
    if (length.isEmpty()) {
      return in;
    }
    if (!length.matches("[0-9]{1,18}")) {
      throw new ProtocolException("the answer's length is no number");
    }
    return HttpBody.of(in, Long.parseLong(length));
  }

  @Override
  public void disconnect() {
    if (socket != null) {
      socket.close();
    }
  }

  @Override
  public boolean usingProxy() {
    return false;
  }

  /// The end of the answer came too early.
  static EOFException cutOff() {
    return new EOFException("the answer is cut off");
  }
}
