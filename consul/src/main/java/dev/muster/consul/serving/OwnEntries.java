package dev.muster.consul.serving;

import dev.muster.consul.form.Refusal;

/// What this server itself has in the catalog. Requests leave it alone: who wrote over it could not
/// put it right again.
public final class OwnEntries {
  /// The id and the name of a server's service.
  public static final String SERVICE = "consul";

  /// The id of the check of a server's node.
  public static final String CHECK = "serfHealth";

  private OwnEntries() {}

  /// Passes instances of others.
  ///
  /// @throws Refusal if the instance is the server's own
  public static void requireNotService(Server server, String node, String id) {
    requireNot(server, node, "Service", id, SERVICE);
  }

  /// Passes checks of others.
  ///
  /// @throws Refusal if the check is that of the server's own node
  public static void requireNotCheck(Server server, String node, String id) {
    requireNot(server, node, "Check", id, CHECK);
  }

  private static void requireNot(Server server, String node, String what, String id, String own) {
    if (node.equalsIgnoreCase(server.nodeName()) && id.equalsIgnoreCase(own)) {
      throw new Refusal(
          400,
          "%s ID \"%s\" on node \"%s\" is this server's own entry: choose another ID"
              .formatted(what, id, node));
    }
  }
}
