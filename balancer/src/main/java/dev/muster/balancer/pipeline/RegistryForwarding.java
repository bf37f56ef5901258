package dev.muster.balancer.pipeline;

import dev.muster.balancer.http1.Field;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Trace;

/// Request heads as the instances of registered services get them: the target in origin form, no
/// hop-by-hop fields, and who asked for what. What a client claims about forwarding is not
/// believed, except that it may add to X-Forwarded-For, whose last entry is always ours.
public final class RegistryForwarding implements Forwarding {
  private static final byte[] HOST = Octets.ascii("Host: ");
  private static final byte[] CHUNKED = Octets.ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] WEBSOCKET =
      Octets.ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");
  private static final byte[] FORWARDED_FOR = Octets.ascii("X-Forwarded-For: ");
  private static final byte[] SEPARATOR = Octets.ascii(", ");
  private static final byte[] FORWARDED_PROTO =
      Octets.ascii("\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: ");

  @Override
  public void write(Request request, boolean isWebSocket, HeadWriter out) {
    request.head().writeRequestLine(out);
    writeFields(request, isWebSocket, out);
  }

  /// Appends everything after the request line.
  ///
  /// @param isWebSocket whether the connection is asked to become a WebSocket
  public void writeFields(Request request, boolean isWebSocket, HeadWriter out) {
    RequestHead head = request.head();
    HeaderBlock headers = head.headers();
    boolean hasHost = head.hostEnd() > head.hostStart();
    if (head.isAbsolute() || !hasHost) {
      out.write(HOST);
      writeHost(request, hasHost, out);
      out.endLine();
    }
    headers.dropForwarding();
    if (head.isVersion10()) {
      headers.drop(Field.EXPECT);
    }
    Trace trace = request.trace();
    if (trace != null) {
      trace.write(headers, out);
    }
    headers.writeKept(out);
    if (head.bodyLength() < 0) {
      out.write(CHUNKED);
    }
    if (isWebSocket) {
      out.write(WEBSOCKET);
    }
    out.write(FORWARDED_FOR);
    writeForwardedFor(head, out);
    out.write(request.client().addressOctets()).write(FORWARDED_PROTO);
    writeHost(request, hasHost, out);
    out.endLine().endLine();
  }

  private static void writeHost(Request request, boolean hasHost, HeadWriter out) {
    if (hasHost) {
      request.head().writeAuthority(out);
    } else {
      out.write(request.client().ownOctets());
    }
  }

  private static void writeForwardedFor(RequestHead head, HeadWriter out) {
    HeaderBlock headers = head.headers();
    for (int i = headers.indexOf(Field.X_FORWARDED_FOR); i >= 0 && i < headers.count(); i++) {
      if (headers.field(i) == Field.X_FORWARDED_FOR
          && headers.valueEnd(i) > headers.valueStart(i)) {
        out.write(head.bytes(), headers.valueStart(i), headers.valueEnd(i)).write(SEPARATOR);
      }
    }
  }
}
