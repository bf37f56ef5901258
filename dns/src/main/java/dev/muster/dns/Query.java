package dev.muster.dns;

import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;

/// A well-formed query and where it came from.
///
/// @param message has exactly one question
/// @param byTcp whether it came by TCP: then the answer may be long
record Query(Message message, InetAddress client, boolean byTcp) {
  static final int PLAIN_BYTES_MAX = 512;
  static final int TCP_BYTES_MAX = 65_535;

  /// What a datagram holds at most beside its headers.
  private static final int UDP_BYTES_MAX = 65_467;

  Name name() {
    return message.getQuestion().getName();
  }

  int type() {
    return message.getQuestion().getType();
  }

  /// What it says by RFC 6891; null if nothing.
  @Nullable OPTRecord edns() {
    return message.getOPT();
  }

  /// How many bytes the client takes.
  int bytesMax() {
    if (byTcp) {
      return TCP_BYTES_MAX;
    }
    OPTRecord edns = edns();
    int wanted = edns == null ? 0 : edns.getPayloadSize();
    return Math.clamp(wanted, PLAIN_BYTES_MAX, UDP_BYTES_MAX);
  }

  /// The network for which a resolver asks (RFC 7871).
  Optional<ClientSubnetOption> subnet() {
    OPTRecord edns = edns();
    if (edns == null) {
      return Optional.empty();
    }
    for (EDNSOption option : edns.getOptions()) {
      if (option instanceof ClientSubnetOption subnet) {
        return Optional.of(subnet);
      }
    }
    return Optional.empty();
  }

  /// Who wants to know, as far as that is said.
  InetAddress asker() {
    return subnet().map(ClientSubnetOption::getAddress).orElse(client);
  }
}
