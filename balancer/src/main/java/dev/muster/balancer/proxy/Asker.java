package dev.muster.balancer.proxy;

import io.netty.buffer.ByteBuf;

/// Who uses a connection to an instance at the moment. Called on its loop.
interface Asker {
  /// The connection is there.
  void connected(UpstreamConnection connection);

  /// It could not be made.
  void connectFailed(UpstreamConnection connection);

  /// The instance sent something, which the asker now owns.
  void received(UpstreamConnection connection, ByteBuf bytes);

  /// That was all for the moment.
  void receivedAll();

  /// The instance has taken what was written.
  void writable();

  /// The instance closed the connection, or it broke.
  void closed(UpstreamConnection connection);
}
