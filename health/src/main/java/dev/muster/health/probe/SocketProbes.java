package dev.muster.health.probe;

import dev.muster.registry.catalog.Probe;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.util.List;

/// Probes that only knock: TCP and UDP.
final class SocketProbes {
  private final Dialer dialer;

  SocketProbes(Dialer dialer) {
    this.dialer = dialer;
  }

  /// Passing once the connection stands, with TLS once hands are shaken.
  Result tcp(Probe.Tcp probe, Deadline deadline) {
    try {
      HostPort target = HostPort.parse(probe.target());
      try (Socket socket = dialer.connect(target, deadline)) {
        if (probe.tls().isUsed()) {
          dialer.secure(socket, target, probe.tls(), List.of(), deadline).close();
        }
        return Result.passing("TCP connect " + probe.target() + ": Success");
      }
    } catch (IOException e) {
      return Result.critical(Reasons.of(e));
    } catch (IllegalArgumentException e) {
      return Result.critical("dial tcp: " + Reasons.of(e));
    }
  }

  /// Sends a datagram of one newline, as the JDK sends no empty ones. Any answer is passing; so is
  /// silence, because most servers do not answer to nothing. Critical is what the host itself
  /// refuses.
  Result udp(Probe.Udp probe, Deadline deadline) {
    String success = "UDP connect " + probe.target() + ": Success";
    try {
      HostPort target = HostPort.parse(probe.target());
      InetAddress host = dialer.resolve("udp", target.host(), deadline)[0];
      var address = new InetSocketAddress(host, target.port());
      try (var socket = deadline.guard(new DatagramSocket())) {
        socket.connect(address);
        socket.send(new DatagramPacket(new byte[] {'\n'}, 1));
        socket.receive(new DatagramPacket(new byte[1], 1));
        return Result.passing(success);
      } catch (PortUnreachableException e) {
        return Result.critical(
            "read udp %s: read: connection refused".formatted(Dialer.text(address)));
      } catch (IOException e) {
        return deadline.isOver()
            ? Result.passing(success)
            : Result.critical("write udp %s: %s".formatted(Dialer.text(address), Reasons.of(e)));
      }
    } catch (IOException e) {
      return Result.critical(Reasons.of(e));
    } catch (IllegalArgumentException e) {
      return Result.critical("dial udp: " + Reasons.of(e));
    }
  }
}
