package dev.muster.balancer.variable;

import static java.util.Map.entry;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.request.Client;
import dev.muster.balancer.request.Client.Proxied;
import dev.muster.balancer.request.Request;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who asks, by which connection.
final class ConnectionVariables {
  static final Map<String, Variable> TABLE =
      Map.ofEntries(
          entry("scheme", new Constant("http")),
          entry("https", _ -> ""),
          entry("http2", _ -> ""),
          entry("http3", _ -> ""),
          entry("remote_addr", new RemoteAddress()),
          entry("binary_remote_addr", ConnectionVariables::binary),
          entry("remote_port", request -> port(request.client().port())),
          entry("realip_remote_addr", request -> request.peer().address()),
          entry("realip_remote_port", request -> port(request.peer().port())),
          entry("server_addr", request -> request.peer().ownAddress()),
          entry("server_port", request -> port(request.peer().ownPort())),
          entry("connection", request -> Long.toString(request.peer().number())),
          entry("connection_requests", request -> Integer.toString(request.peer().requests())),
          entry("proxy_protocol_addr", request -> proxied(request, Proxied::source, true)),
          entry("proxy_protocol_port", request -> proxied(request, Proxied::source, false)),
          entry(
              "proxy_protocol_server_addr",
              request -> proxied(request, Proxied::destination, true)),
          entry(
              "proxy_protocol_server_port",
              request -> proxied(request, Proxied::destination, false)),
          entry("proxy_add_x_forwarded_for", new AddForwardedFor()));

  private ConnectionVariables() {}

  private static String port(int number) {
    return number == 0 ? "" : Integer.toString(number);
  }

  private static String binary(Request request) {
    byte[] address = request.client().remote().getAddress().getAddress();
    return new String(address, StandardCharsets.ISO_8859_1);
  }

  private static @Nullable String proxied(
      Request request, Function<Proxied, InetSocketAddress> end, boolean isAddress) {
    Proxied said = request.peer().proxied();
    if (said == null) {
      return null;
    }
    InetSocketAddress which = end.apply(said);
    return isAddress ? NetUtil.toAddressString(which.getAddress()) : port(which.getPort());
  }

  private record RemoteAddress() implements Variable {
    @Override
    public String value(Request request) {
      return request.client().address();
    }

    @Override
    public void write(Request request, HeadWriter out) {
      out.write(request.client().addressOctets());
    }
  }

  private static final class Constant implements Variable {
    private final String text;
    private final byte[] octets;

    Constant(String text) {
      this.text = text;
      this.octets = Octets.ascii(text);
    }

    @Override
    public String value(Request request) {
      return text;
    }

    @Override
    public void write(Request request, HeadWriter out) {
      out.write(octets);
    }
  }

  private static final class AddForwardedFor implements Variable {
    private static final String FIELD = "x-forwarded-for";
    private static final byte[] SEPARATOR = Octets.ascii(", ");

    @Override
    public String value(Request request) {
      String before = request.header(FIELD);
      Client client = request.client();
      return before == null || before.isEmpty()
          ? client.address()
          : before + ", " + client.address();
    }

    @Override
    public void write(Request request, HeadWriter out) {
      if (request.writeHeader(FIELD, out)) {
        out.write(SEPARATOR);
      }
      out.write(request.client().addressOctets());
    }
  }
}
