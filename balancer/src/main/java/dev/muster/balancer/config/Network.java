package dev.muster.balancer.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A block of IP addresses, such as `10.0.0.0/8` or `2001:db8::/32`. Immutable.
public final class Network {
  private final byte[] start;
  private final int bits;

  private Network(byte[] start, int bits) {
    this.start = start;
    this.bits = bits;
  }

  /// Reads an address, alone or with the number of bits that count; null if it is none. Bits after
  /// those that count are ignored.
  public static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(address);
    if (octets == null) {
      return null;
    }
    int bits = octets.length * 8;
    if (slash >= 0) {
      bits = number(text.substring(slash + 1), bits);
    }
    return bits < 0 ? null : new Network(octets, bits);
  }

  private static int number(String text, int most) {
    if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int number = Integer.parseInt(text);
    return number > most ? -1 : number;
  }

  /// Whether an address of four or sixteen octets is in it.
  public boolean contains(byte[] address) {
    if (address.length != start.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != start[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ start[whole]) & 0xff) >>> (8 - rest) == 0;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Network that && bits == that.bits && Arrays.equals(start, that.start);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(start) + bits;
  }

  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(start).getHostAddress() + "/" + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
