package dev.muster.dns;

import java.util.Optional;
import org.xbill.DNS.Name;

/// The names of nodes, services and addresses in full, under the domain as the question spelt it.
record Names(Name suffix, String datacenter) {

  /// Empty if the node's name cannot be one in DNS.
  Optional<Name> node(String name) {
    return DnsName.of(suffix, name, "node", datacenter);
  }

  /// Empty if the service's name cannot be one in DNS.
  Optional<Name> service(String name) {
    return DnsName.of(suffix, name, "service", datacenter);
  }

  Name address(Address address) {
    return DnsName.of(suffix, address.digits(), "addr", datacenter)
        .orElseThrow(() -> new IllegalStateException("too long: " + suffix));
  }
}
