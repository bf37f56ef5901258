package dev.muster.balancer;

import dev.muster.balancer.http1.Field;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;

/// Request heads as instances get them: the target in origin form, no hop-by-hop fields, and who
/// asked for what. What a client claims about forwarding is not believed, except that it may add
/// to X-Forwarded-For, whose last entry is always ours. One per client connection.
final class RequestRewrite {
  private static final byte[] HOST = Octets.ascii("Host: ");
  private static final byte[] CHUNKED = Octets.ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] WEBSOCKET =
      Octets.ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");
  private static final byte[] FORWARDED_FOR = Octets.ascii("X-Forwarded-For: ");
  private static final byte[] SEPARATOR = Octets.ascii(", ");
  private static final byte[] FORWARDED_PROTO =
      Octets.ascii("\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: ");

  private final byte[] clientAddress;
  private final byte[] ownAddress;

  RequestRewrite(InetSocketAddress client, InetSocketAddress own) {
    this.clientAddress = Octets.ascii(NetUtil.toAddressString(client.getAddress()));
    this.ownAddress = Octets.ascii(NetUtil.toSocketAddressString(own));
  }

  /// Puts the head together in `out`.
  void write(RequestHead request, boolean isWebSocket, HeadWriter out) {
    HeaderBlock headers = request.headers();
    out.clear();
    request.writeRequestLine(out);
    boolean hasHost = request.hostEnd() > request.hostStart();
    if (request.isAbsolute() || !hasHost) {
      out.write(HOST);
      writeHost(request, hasHost, out);
      out.endLine();
    }
    headers.dropForwarding();
    if (request.isVersion10()) {
      headers.drop(Field.EXPECT);
    }
    headers.writeKept(out);
    if (request.bodyLength() < 0) {
      out.write(CHUNKED);
    }
    if (isWebSocket) {
      out.write(WEBSOCKET);
    }
    out.write(FORWARDED_FOR);
    writeForwardedFor(request, out);
    out.write(clientAddress).write(FORWARDED_PROTO);
    writeHost(request, hasHost, out);
    out.endLine().endLine();
  }

  private void writeHost(RequestHead request, boolean hasHost, HeadWriter out) {
    if (hasHost) {
      request.writeAuthority(out);
    } else {
      out.write(ownAddress);
    }
  }

  private static void writeForwardedFor(RequestHead request, HeadWriter out) {
    HeaderBlock headers = request.headers();
    for (int i = headers.indexOf(Field.X_FORWARDED_FOR); i >= 0 && i < headers.count(); i++) {
      if (headers.field(i) == Field.X_FORWARDED_FOR
          && headers.valueEnd(i) > headers.valueStart(i)) {
        out.write(request.bytes(), headers.valueStart(i), headers.valueEnd(i)).write(SEPARATOR);
      }
    }
  }

  /// A copy of a head without the first `cut` octets of its path, which starts at `pathStart`.
  static ByteBuf strip(ByteBuf head, int pathStart, int cut) {
    int rest = pathStart + cut;
    ByteBuf stripped = head.alloc().directBuffer(head.writerIndex());
    stripped.writeBytes(head, 0, pathStart);
    if (head.getByte(rest) != '/') {
      stripped.writeByte('/');
    }
    return stripped.writeBytes(head, rest, head.writerIndex() - rest);
  }
}
