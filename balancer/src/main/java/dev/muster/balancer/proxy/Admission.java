package dev.muster.balancer.proxy;

import dev.muster.balancer.proxyprotocol.ProxyHeaderReader;
import dev.muster.balancer.request.Client;
import dev.muster.balancer.request.Client.Proxied;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/// Who a connection's client is, and for whom it speaks. Belongs to the connection's loop.
final class Admission {
  private final Worker worker;
  private final Entrance entrance;
  private final Channel channel;
  private @Nullable Proxied proxied;
  private @Nullable Client client;

  Admission(Worker worker, Entrance entrance, Channel channel) {
    this.worker = worker;
    this.entrance = entrance;
    this.channel = channel;
  }

  /// The connection is there.
  void begin(ChannelHandlerContext context) {
    if (entrance.takesProxyProtocol(worker.routing.table())) {
      context.pipeline().addFirst(new ProxyHeaderReader(said -> proxied = said));
    }
  }

  Client client() {
    Client known = client;
    if (known == null) {
      known = worker.client(channel);
      if (proxied != null) {
        known.proxies(proxied);
      }
      client = known;
    }
    return known;
  }
}
