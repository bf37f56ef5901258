package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.RequestConfig.RealIp;
import dev.muster.balancer.config.RequestConfig.Source;
import dev.muster.balancer.request.Client;
import dev.muster.balancer.request.Request;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds out for whom a trusted proxy asks (nginx's realip module).
final class FindingClient implements Step {
  private final RealIp config;
  private final Source source;

  FindingClient(RealIp config) {
    this.config = config;
    this.source =
        config.source() instanceof Source.Header(String name)
            ? new Source.Header(name.toLowerCase(Locale.ROOT))
            : config.source();
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    if (request.client() == request.peer()) {
      InetSocketAddress found = find(request);
      if (found != null) {
        request.speaksFor(found);
      }
    }
    return Verdict.NEXT;
  }

  private @Nullable InetSocketAddress find(Request request) {
    return switch (source) {
      case Source.Header(String name) -> config.trusted().find(request, request.header(name));
      case Source.ProxyProtocol _ -> {
        Client peer = request.peer();
        Client.Proxied proxied = peer.proxied();
        boolean isTrusted = config.trusted().trusted().find(peer.remote().getAddress()) != null;
        yield proxied == null || !isTrusted ? null : proxied.source();
      }
    };
  }
}
