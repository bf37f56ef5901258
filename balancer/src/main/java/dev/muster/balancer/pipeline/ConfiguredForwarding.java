package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ProxyConfig.Header;
import dev.muster.balancer.http1.Field;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Trace;
import dev.muster.balancer.variable.Template;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Request heads as a file in nginx's language wants them: `proxy_pass` with or without a URI,
/// `proxy_set_header`, all other fields as they came.
public final class ConfiguredForwarding implements Forwarding {
  private static final byte[] CHUNKED = Octets.ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] WEBSOCKET =
      Octets.ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");
  private static final byte[] GET = Octets.ascii("GET ");
  private static final byte[] VERSION = Octets.ascii(" HTTP/1.1\r\n");

  private final ProxyConfig config;
  private final @Nullable String upstream;
  private final int prefixLength;
  private final List<Line> lines;

  /// A field that is set instead of the client's own.
  private static final class Line {
    final String lowerCaseName;
    final byte[] start;
    final Template value;

    Line(Header header) {
      this.lowerCaseName = header.name().toLowerCase(Locale.ROOT);
      this.start = Octets.ascii(header.name() + ": ");
      this.value = header.value();
    }
  }

  /// For one location.
  public ConfiguredForwarding(ProxyConfig config, Match match) {
    this.config = config;
    this.upstream = config.to() instanceof ProxyConfig.Target.Named(String name) ? name : null;
    this.prefixLength =
        switch (match) {
          case Match.Prefix(String path, _) -> path.getBytes(StandardCharsets.UTF_8).length;
          case Match.Exact(String path) -> path.getBytes(StandardCharsets.UTF_8).length;
          case Match.Regex _, Match.Named _ -> 0;
        };
    this.lines =
        config.headers().stream().filter(header -> !isOurs(header.name())).map(Line::new).toList();
  }

  // How the connection to the instance is used is decided between it and us.
  private static boolean isOurs(String name) {
    return name.equalsIgnoreCase("Connection")
        || name.equalsIgnoreCase("Upgrade")
        || name.equalsIgnoreCase("Transfer-Encoding")
        || name.equalsIgnoreCase("Content-Length");
  }

  @Override
  public void write(Request request, boolean isWebSocket, HeadWriter out) {
    RequestHead head = request.head();
    HeaderBlock headers = head.headers();
    if (upstream != null) {
      request.passOn(upstream);
    }
    writeRequestLine(request, head, out);
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      for (int at = 0; at < headers.count(); at++) {
        if (headers.isNamed(at, line.lowerCaseName)) {
          headers.drop(at);
        }
      }
      int start = out.length();
      out.write(line.start);
      int valueStart = out.length();
      line.value.write(request, out);
      if (out.length() == valueStart) {
        out.cutTo(start);
      } else {
        out.keepInLine(valueStart).endLine();
      }
    }
    boolean hasBody = request.detour() == null || !request.detour().isBodyGone();
    if (!hasBody) {
      headers.drop(Field.CONTENT_LENGTH);
    }
    if (head.isVersion10() || !hasBody) {
      headers.drop(Field.EXPECT);
    }
    Trace trace = request.trace();
    if (trace != null) {
      trace.write(headers, out);
    }
    headers.writeKept(out);
    if (head.bodyLength() < 0 && hasBody) {
      out.write(CHUNKED);
    }
    if (isWebSocket) {
      out.write(WEBSOCKET);
    }
    out.endLine();
  }

  private static void writeMethod(boolean isGet, RequestHead head, HeadWriter out) {
    if (isGet) {
      out.write(GET);
    } else {
      out.write(head.bytes(), head.methodStart(), head.methodEnd()).write(' ');
    }
  }

  private void writeRequestLine(Request request, RequestHead head, HeadWriter out) {
    boolean isGet = request.detour() != null && request.detour().isGet();
    String other = request.sentTarget();
    if (other != null) {
      writeMethod(isGet, head, out);
      out.write(Targets.encodeTarget(other).getBytes(StandardCharsets.ISO_8859_1)).write(VERSION);
      return;
    }
    boolean replaces = config.uri().isPresent() && !request.hasLeftLocation();
    if (!replaces && !request.isRewritten() && !isGet) {
      head.writeRequestLine(out);
      return;
    }
    writeMethod(isGet, head, out);
    int from = request.pathStart();
    int to = request.pathEnd();
    if (replaces) {
      int start = out.length();
      config.uri().get().write(request, out);
      out.keepInLine(start);
      from = Math.min(from + prefixLength, to);
    } else if (from == to || request.pathOctets()[from] != '/') {
      out.write('/');
    }
    Targets.write(request.pathOctets(), from, to, out);
    String args = request.args();
    if (!args.isEmpty()) {
      out.write('?').write(Targets.encodeTarget(args).getBytes(StandardCharsets.ISO_8859_1));
    }
    out.write(VERSION);
  }
}
