package dev.muster.agent;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;

/// The address under which this host is reached.
final class HostAddress {
  private static final String LOOPBACK = "127.0.0.1";

  private HostAddress() {}

  /// The address itself, unless it stands for all of the host's: then the first of a network card,
  /// or the loopback address where there is none.
  static String reachable(String bindAddress) throws IOException {
    if (!InetAddress.getByName(bindAddress).isAnyLocalAddress()) {
      return bindAddress;
    }
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .map(InetAddress::getHostAddress)
        .findFirst()
        .orElse(LOOPBACK);
  }
}
