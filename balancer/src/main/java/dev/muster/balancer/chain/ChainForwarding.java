package dev.muster.balancer.chain;

import dev.muster.balancer.config.ChainConfig.HeaderRules;
import dev.muster.balancer.config.ChainConfig.Line;
import dev.muster.balancer.config.ChainConfig.Path;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.pipeline.Forwarding;
import dev.muster.balancer.pipeline.RegistryForwarding;
import dev.muster.balancer.pipeline.Targets;
import dev.muster.balancer.request.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Request heads as the instances of a service behind a chain get them: as those of other
/// registered services, with the path and the headers that its entries want. Immutable.
final class ChainForwarding implements Forwarding {
  private static final byte[] VERSION = Octets.ascii(" HTTP/1.1\r\n");

  private final RegistryForwarding plain = new RegistryForwarding();
  private final String[] removed;
  private final byte[] added;
  private final int cut;
  private final String replacement;
  private final boolean changesPath;

  /// @param path what the path matched
  /// @param rewrite what takes its place; empty for nothing
  /// @param strip how many octets at its start are not sent on if there is no rewrite
  ChainForwarding(HeaderRules headers, Path path, String rewrite, int strip) {
    this.removed =
        headers.removed().stream().map(it -> it.toLowerCase(Locale.ROOT)).toArray(String[]::new);
    this.added = lines(headers);
    this.replacement = rewrite;
    this.cut =
        switch (path) {
          case Path.Exact(String text, _) -> rewrite.isEmpty() ? strip : text.length();
          case Path.Prefix(String text, _) -> rewrite.isEmpty() ? strip : text.length();
          case Path.Regex _ -> strip;
        };
    this.changesPath = cut > 0 || !rewrite.isEmpty();
  }

  private static byte[] lines(HeaderRules headers) {
    var out = new ByteArrayOutputStream();
    for (Line line : headers.added()) {
      String text = line.name() + ": " + line.value() + "\r\n";
      out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  @Override
  public void write(Request request, boolean isWebSocket, HeadWriter out) {
    RequestHead head = request.head();
    HeaderBlock headers = head.headers();
    for (String name : removed) {
      for (int at = 0; at < headers.count(); at++) {
        if (headers.isNamed(at, name)) {
          headers.drop(at);
        }
      }
    }
    if (changesPath) {
      out.write(head.bytes(), head.methodStart(), head.methodEnd()).write(' ');
      out.write(Targets.encode(changed(request.uri())).getBytes(StandardCharsets.ISO_8859_1));
      if (!request.args().isEmpty()) {
        out.write('?').write(request.args().getBytes(StandardCharsets.ISO_8859_1));
      }
      out.write(VERSION);
    } else {
      head.writeRequestLine(out);
    }
    out.write(added);
    plain.writeFields(request, isWebSocket, out);
  }

  private String changed(String path) {
    String rest = path.substring(Math.min(cut, path.length()));
    if (replacement.endsWith("/") && rest.startsWith("/")) {
      return replacement + rest.substring(1);
    }
    String whole = replacement + rest;
    return whole.startsWith("/") ? whole : "/" + whole;
  }
}
