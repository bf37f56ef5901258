package dev.muster.health.probe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The little of HTTP/2 (RFC 9113) that a probe needs: the client's side of one connection, one
/// ping, one request with a short answer. Blocking; the owner of the socket bounds the time.
///
/// Headers are sent as literals without Huffman coding, which every server must read (RFC 7541
/// 6.2.2); received ones are left to Netty.
final class Http2Connection {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int FRAME_BYTES_MAX = 16_384; // what we announce by saying nothing
  private static final int HEADER_BYTES_MAX = 64 * 1024;
  private static final int MESSAGE_BYTES_MAX = 64 * 1024; // the window that we grant, by default
  private static final int FRAMES_MAX = 1_000;
  private static final int STREAM = 1;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int CONTINUATION = 9;

  private static final int END_STREAM = 0x1;
  private static final int ACK = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int PRIORITY = 0x20;

  private final DataInputStream in;
  private final OutputStream out;
  private final DefaultHttp2HeadersDecoder decoder =
      new DefaultHttp2HeadersDecoder(false, HEADER_BYTES_MAX);
  private int framesLeft = FRAMES_MAX;

  private Http2Connection(Socket socket) throws IOException {
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /// Says hello. That the other side speaks HTTP/2 is only known from what it answers.
  static Http2Connection open(Socket socket) throws IOException {
    var connection = new Http2Connection(socket);
    connection.out.write(PREFACE);
    connection.send(SETTINGS, 0, 0, new byte[0]);
    return connection;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Frame(int type, int flags, int stream, byte[] payload) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  /// An answer with its trailers, which count as headers.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(Map<String, String> headers, byte[] message) {}

  /// Returns once the other side has answered.
  void ping() throws IOException {
    byte[] said = "musterhc".getBytes(StandardCharsets.US_ASCII);
    send(PING, 0, 0, said);
    while (true) {
      Frame frame = receive();
      if (frame.type() == PING && frame.has(ACK) && Arrays.equals(frame.payload(), said)) {
        return;
      }
    }
  }

  /// Sends the connection's only request.
  ///
  /// @param headers the pseudo headers first, all in lower case
  Answer request(Map<String, String> headers, byte[] message) throws IOException {
    send(HEADERS, END_HEADERS, STREAM, encode(headers));
    send(DATA, END_STREAM, STREAM, message);
    Map<String, String> answered = new LinkedHashMap<>();
    var body = new ByteArrayOutputStream();
    while (true) {
      Frame frame = receive();
      if (frame.stream() != STREAM) {
        continue;
      }
      switch (frame.type()) {
        case HEADERS -> decode(block(frame), answered);
        case DATA -> body.writeBytes(content(frame, 0));
        case RST_STREAM -> throw new IOException("stream terminated by RST_STREAM");
        default -> {}
      }
      if (body.size() > MESSAGE_BYTES_MAX) {
        throw new IOException("the answer is longer than " + MESSAGE_BYTES_MAX + " bytes");
      }
      if ((frame.type() == HEADERS || frame.type() == DATA) && frame.has(END_STREAM)) {
        return new Answer(answered, body.toByteArray());
      }
    }
  }

  /// The next frame, after what the connection itself is owed.
  private Frame receive() throws IOException {
    if (--framesLeft < 0) {
      throw new IOException("no answer within " + FRAMES_MAX + " frames");
    }
    int lengthAndType = in.readInt();
    int length = lengthAndType >>> 8;
    int flags = in.readUnsignedByte();
    int stream = in.readInt() & Integer.MAX_VALUE;
    if (length > FRAME_BYTES_MAX) {
      throw new IOException("frame too large; is that HTTP/2?");
    }
    byte[] payload = new byte[length];
    in.readFully(payload);
    var frame = new Frame(lengthAndType & 0xFF, flags, stream, payload);
    switch (frame.type()) {
      case SETTINGS -> {
        if (!frame.has(ACK)) {
          send(SETTINGS, ACK, 0, new byte[0]);
        }
      }
      case PING -> {
        if (!frame.has(ACK)) {
          send(PING, ACK, 0, payload);
        }
      }
      case GOAWAY -> throw new IOException("the server said GOAWAY");
      default -> {}
    }
    return frame;
  }

  private void send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuf frame = Unpooled.buffer(9 + payload.length);
    frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
    frame.writeBytes(payload);
    out.write(frame.array(), 0, frame.readableBytes());
    out.flush();
  }

  /// The whole header block that a HEADERS frame begins.
  private byte[] block(Frame first) throws IOException {
    var block = new ByteArrayOutputStream();
    block.writeBytes(content(first, first.has(PRIORITY) ? 5 : 0));
    for (Frame frame = first; !frame.has(END_HEADERS); ) {
      frame = receive();
      if (frame.type() != CONTINUATION || block.size() > HEADER_BYTES_MAX) {
        throw new IOException("malformed header block");
      }
      block.writeBytes(frame.payload());
    }
    return block.toByteArray();
  }

  private static byte[] content(Frame frame, int skipped) throws IOException {
    byte[] payload = frame.payload();
    int from = skipped;
    int to = payload.length;
    if (frame.has(PADDED) && to > 0) {
      from++;
      to -= payload[0] & 0xFF;
    }
    if (from > to) {
      throw new IOException("malformed padding");
    }
    return Arrays.copyOfRange(payload, from, to);
  }

  private void decode(byte[] block, Map<String, String> headers) throws IOException {
    try {
      decoder
          .decodeHeaders(STREAM, Unpooled.wrappedBuffer(block))
          .forEach(header -> headers.put(header.getKey().toString(), header.getValue().toString()));
    } catch (Http2Exception e) {
      throw new IOException("malformed headers: " + Reasons.of(e), e);
    }
  }

  private static byte[] encode(Map<String, String> headers) {
    var block = new ByteArrayOutputStream();
    headers.forEach(
        (name, value) -> {
          block.write(0); // literal, not indexed, new name
          string(block, name);
          string(block, value);
        });
    return block.toByteArray();
  }

  /// RFC 7541 5.2, with a length of a 7-bit prefix (5.1).
  private static void string(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = bytes.length;
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      for (length -= 127; length >= 128; length >>>= 7) {
        block.write((length & 0x7F) | 0x80);
      }
      block.write(length);
    }
    block.writeBytes(bytes);
  }
}
