package dev.muster.balancer.variable;

import dev.muster.balancer.request.Request;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// Who asks according to the proxies that are trusted.
///
/// @param trusted whose word counts
/// @param isRecursive whether the word of those they name counts, too, if they are trusted
public record ForwardedFor(AddressTable<Boolean> trusted, boolean isRecursive) {

  /// The last address of a list that is not trusted itself; with one step only, the last one. Null
  /// if whoever is connected is not trusted, or the list ends in nonsense. The port is 0 unless it
  /// is given.
  public @Nullable InetSocketAddress find(Request request, @Nullable String list) {
    InetAddress current = request.client().remote().getAddress();
    InetSocketAddress found = null;
    int end = list == null ? 0 : list.length();
    while (list != null && end > 0 && trusted.find(current) != null) {
      int comma = list.lastIndexOf(',', end - 1);
      String entry = list.substring(comma + 1, end).strip();
      end = Math.max(comma, 0);
      if (!entry.isEmpty()) {
        InetSocketAddress next = address(entry);
        if (next == null) {
          return found;
        }
        found = next;
        current = next.getAddress();
        if (!isRecursive) {
          return found;
        }
      }
    }
    return found;
  }

  /// An address with or without a port, or null.
  public static @Nullable InetSocketAddress address(String text) {
    String host = text;
    int port = 0;
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
    if (hasPort) {
      host = text.substring(0, colon);
      port = port(text.substring(colon + 1));
    }
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    byte[] octets =
        NetUtil.createByteArrayFromIpAddressString(
            isBracketed ? host.substring(1, host.length() - 1) : host);
    if (octets == null || port < 0) {
      return null;
    }
    try {
      return new InetSocketAddress(InetAddress.getByAddress(octets), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(text, e);
    }
  }

  private static int port(String text) {
    boolean isNumber =
        !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    int number = isNumber ? Integer.parseInt(text) : -1;
    return number > 65535 ? -1 : number;
  }
}
