package dev.muster.cli;

import java.util.Map;
import java.util.Optional;

/// Commands that Consul has and this program has not, each with the reason.
final class Absent {
  private static final String ACCESS = "there is no access control yet";
  private static final String MESH = "there is no service mesh here";
  private static final String COMMERCIAL = "it belongs to Consul's commercial edition";

  private static final Map<String, String> WHY =
      Map.ofEntries(
          Map.entry("acl", ACCESS),
          Map.entry("login", ACCESS),
          Map.entry("logout", ACCESS),
          Map.entry("connect", MESH),
          Map.entry("intention", MESH),
          Map.entry("peering", MESH),
          Map.entry("resource", MESH),
          Map.entry("troubleshoot", MESH),
          Map.entry("tls", "make certificates with openssl"),
          Map.entry("exec", "running commands on other machines is not its business"),
          Map.entry("keyring", "its servers do not gossip, so there is no key to share"),
          Map.entry("license", COMMERCIAL),
          Map.entry("namespace", COMMERCIAL),
          Map.entry("partition", COMMERCIAL));

  private Absent() {}

  static Optional<String> why(String command) {
    return Optional.ofNullable(WHY.get(command));
  }
}
