package dev.muster.agent.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// A range of IP addresses, such as `10.0.0.0/8`.
///
/// @param bits how many of the address all in the range have in common
public record Network(InetAddress address, int bits) {

  /// Reads the notation with a slash; empty if the text is none.
  static Optional<Network> of(String text) {
    int slash = text.indexOf('/');
    String bits = text.substring(slash + 1);
    if (slash < 0 || !bits.matches("\\d{1,3}")) {
      return Optional.empty();
    }
    return Kind.ip(text.substring(0, slash))
        .map(Network::literal)
        .map(address -> new Network(address, Integer.parseInt(bits)))
        .filter(network -> network.bits <= network.address.getAddress().length * 8);
  }

  private static InetAddress literal(String ip) {
    try {
      return InetAddress.getByName(ip);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(ip, e);
    }
  }

  public boolean contains(InetAddress other) {
    byte[] ours = address.getAddress();
    byte[] theirs = other.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
