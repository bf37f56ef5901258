package dev.muster.dns;

import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/// The domains under which everything is found.
record Zone(Name domain, Optional<Name> altDomain) {

  static Zone of(DnsConfig config) {
    return new Zone(absolute(config.domain()), config.altDomain().map(Zone::absolute));
  }

  private static Name absolute(String domain) {
    try {
      return Name.fromString(domain, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("not a domain: " + domain, e);
    }
  }

  /// That of the domains which the name is in, as the name spells it; the longer one if it is in
  /// both. Empty if it is in none.
  Optional<Name> suffixOf(Name name) {
    Name longest = null;
    if (name.subdomain(domain)) {
      longest = domain;
    }
    if (altDomain.isPresent()
        && name.subdomain(altDomain.get())
        && (longest == null || altDomain.get().labels() > longest.labels())) {
      longest = altDomain.get();
    }
    if (longest == null) {
      return Optional.empty();
    }
    int above = name.labels() - longest.labels();
    return Optional.of(above == 0 ? name : new Name(name, above));
  }
}
