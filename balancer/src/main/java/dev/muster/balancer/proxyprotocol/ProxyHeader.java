package dev.muster.balancer.proxyprotocol;

import dev.muster.balancer.request.Client.Proxied;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A PROXY protocol header, versions 1 and 2, read from and written to octets (HAProxy's
/// specification). Stateless.
public final class ProxyHeader {
  /// No header is longer; version 2 could be, with more options than anyone sends.
  public static final int BYTES_MAX = 4096;

  private static final int LINE_BYTES_MAX = 107;
  private static final int FIXED_BYTES = 16;
  private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BINARY = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;

  /// What was read.
  public sealed interface Result {
    /// More octets are needed.
    record Incomplete() implements Result {}

    /// A header, after which the connection goes on.
    ///
    /// @param length of it
    /// @param proxied who is behind it; null if it says nothing or nothing of TCP
    record Found(int length, @Nullable Proxied proxied) implements Result {}

    /// No header: the connection must not go on.
    ///
    /// @param why it is none
    record Malformed(String why) implements Result {}
  }

  private ProxyHeader() {}

  /// Reads the header at the front.
  public static Result read(byte[] bytes, int length) {
    if (length == 0) {
      return new Result.Incomplete();
    }
    boolean isBinary = bytes[0] == BINARY[0];
    byte[] start = isBinary ? BINARY : TEXT;
    int known = Math.min(length, start.length);
    if (!Arrays.equals(bytes, 0, known, start, 0, known)) {
      return new Result.Malformed("it does not start with a PROXY header");
    }
    return isBinary ? readBinary(bytes, length) : readText(bytes, length);
  }

  private static Result readText(byte[] bytes, int length) {
    int end = -1;
    for (int i = 0; end < 0 && i + 1 < Math.min(length, LINE_BYTES_MAX); i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        end = i;
      }
    }
    if (end < 0) {
      return length >= LINE_BYTES_MAX
          ? new Result.Malformed("its line is too long")
          : new Result.Incomplete();
    }
    String line = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
      return new Result.Found(end + 2, null);
    }
    String[] words = line.split(" ", -1);
    if (words.length != 6 || !(words[1].equals("TCP4") || words[1].equals("TCP6"))) {
      return new Result.Malformed("its line is not PROXY, TCP4 or TCP6, addresses and ports");
    }
    int octets = words[1].equals("TCP4") ? 4 : 16;
    InetAddress source = address(words[2], octets);
    InetAddress destination = address(words[3], octets);
    int sourcePort = port(words[4]);
    int destinationPort = port(words[5]);
    if (source == null || destination == null || sourcePort < 0 || destinationPort < 0) {
      return new Result.Malformed("an address or port in its line is malformed");
    }
    return new Result.Found(
        end + 2,
        new Proxied(
            new InetSocketAddress(source, sourcePort),
            new InetSocketAddress(destination, destinationPort)));
  }

  private static @Nullable InetAddress address(String text, int octets) {
    boolean isRight =
        octets == 4
            ? NetUtil.isValidIpV4Address(text)
            : text.indexOf('[') < 0 && text.indexOf('%') < 0 && NetUtil.isValidIpV6Address(text);
    byte[] bytes = isRight ? NetUtil.createByteArrayFromIpAddressString(text) : null;
    return bytes == null ? null : address(bytes, 0, bytes.length);
  }

  private static int port(String text) {
    boolean isNumber =
        !text.isEmpty()
            && text.length() <= 5
            && text.chars().allMatch(c -> c >= '0' && c <= '9')
            && (text.length() == 1 || text.charAt(0) != '0');
    int port = isNumber ? Integer.parseInt(text) : -1;
    return port > 65535 ? -1 : port;
  }

  private static Result readBinary(byte[] bytes, int length) {
    if (length < FIXED_BYTES) {
      return new Result.Incomplete();
    }
    int command = bytes[12] & 0xff;
    int family = bytes[13] & 0xff;
    int rest = (bytes[14] & 0xff) << 8 | (bytes[15] & 0xff);
    if (command != 0x20 && command != 0x21) {
      return new Result.Malformed("its version or command is unknown");
    }
    if (FIXED_BYTES + rest > BYTES_MAX) {
      return new Result.Malformed("it is too long");
    }
    int octets = family == TCP4 ? 4 : family == TCP6 ? 16 : 0;
    boolean isSaid = command == 0x21 && octets > 0;
    if (isSaid && rest < octets * 2 + 4) {
      return new Result.Malformed("it is too short for its addresses");
    }
    if (length < FIXED_BYTES + rest) {
      return new Result.Incomplete();
    }
    return new Result.Found(FIXED_BYTES + rest, isSaid ? proxied(bytes, octets) : null);
  }

  private static Proxied proxied(byte[] bytes, int octets) {
    int ports = FIXED_BYTES + octets * 2;
    return new Proxied(
        new InetSocketAddress(address(bytes, FIXED_BYTES, octets), port(bytes, ports)),
        new InetSocketAddress(
            address(bytes, FIXED_BYTES + octets, octets), port(bytes, ports + 2)));
  }

  private static int port(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private static InetAddress address(byte[] bytes, int from, int octets) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + octets));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The header of version 1.
  public static byte[] text(InetSocketAddress source, InetSocketAddress destination) {
    boolean isOld = isOld(source, destination);
    String line =
        "PROXY "
            + (isOld ? "TCP4 " : "TCP6 ")
            + text(source.getAddress(), isOld)
            + " "
            + text(destination.getAddress(), isOld)
            + " "
            + source.getPort()
            + " "
            + destination.getPort()
            + "\r\n";
    return line.getBytes(StandardCharsets.US_ASCII);
  }

  /// The header of version 2, without options.
  public static byte[] binary(InetSocketAddress source, InetSocketAddress destination) {
    boolean isOld = isOld(source, destination);
    byte[] from = octets(source.getAddress(), isOld);
    byte[] to = octets(destination.getAddress(), isOld);
    int rest = from.length * 2 + 4;
    byte[] out = Arrays.copyOf(BINARY, FIXED_BYTES + rest);
    out[12] = 0x21;
    out[13] = (byte) (isOld ? TCP4 : TCP6);
    out[15] = (byte) rest;
    System.arraycopy(from, 0, out, FIXED_BYTES, from.length);
    System.arraycopy(to, 0, out, FIXED_BYTES + from.length, to.length);
    int ports = FIXED_BYTES + from.length * 2;
    out[ports] = (byte) (source.getPort() >> 8);
    out[ports + 1] = (byte) source.getPort();
    out[ports + 2] = (byte) (destination.getPort() >> 8);
    out[ports + 3] = (byte) destination.getPort();
    return out;
  }

  // Both addresses of a header are of one family.
  private static boolean isOld(InetSocketAddress source, InetSocketAddress destination) {
    return source.getAddress() instanceof Inet4Address
        && destination.getAddress() instanceof Inet4Address;
  }

  private static byte[] octets(InetAddress address, boolean isOld) {
    byte[] octets = address.getAddress();
    if (isOld || octets.length == 16) {
      return octets;
    }
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(octets, 0, mapped, 12, 4);
    return mapped;
  }

  private static String text(InetAddress address, boolean isOld) {
    return isOld || address.getAddress().length == 16
        ? NetUtil.toAddressString(address)
        : "::ffff:" + NetUtil.toAddressString(address);
  }
}
