package dev.muster.balancer.proxy;

import dev.muster.balancer.config.ListenConfig.Socket;

/// A socket cannot be listened on: another program has it, or the address is none of this machine.
public final class CannotListen extends IllegalStateException {
  private final Socket socket;

  CannotListen(Socket socket, Throwable cause) {
    super(
        "the balancer cannot listen on %s port %d: %s"
            .formatted(socket.address(), socket.port(), cause),
        cause);
    this.socket = socket;
  }

  /// Which one.
  public Socket socket() {
    return socket;
  }
}
