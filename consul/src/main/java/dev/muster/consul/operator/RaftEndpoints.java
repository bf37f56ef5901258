package dev.muster.consul.operator;

import dev.muster.consul.form.Fields;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Registry;
import java.util.List;
import java.util.function.Function;

/// `/v1/operator/raft/…` and `/v1/operator/keyring`: the servers of the group, and what keeps their
/// talk secret.
public final class RaftEndpoints {
  private final Registry registry;
  private final Server server;
  private final Group group;
  private final Answers answers;

  public RaftEndpoints(Registry registry, Server server, Answers answers) {
    this.registry = registry;
    this.server = server;
    this.group = new Group(registry, server);
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/operator/raft/configuration", this::configuration);
    routes.add(
        "DELETE",
        "/v1/operator/raft/peer",
        this::removePeer,
        "always refused: the servers of a group are those that founded it");
    routes.add(
        "POST",
        "/v1/operator/raft/transfer-leader",
        this::transferLeader,
        "always refused: the engine hands leadership over only when the leader stops");
    for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
      routes.add(
          method,
          "/v1/operator/keyring",
          this::keyring,
          "as Consul without encryption: no gossip, no keys");
    }
  }

  private Response configuration(Request request, String rest) {
    List<Group.Member> members = group.members();
    long lastIndex = registry.standing().committedIndex();
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("Servers");
          for (Group.Member member : members) {
            json.writeStartObject();
            json.writeStringProperty("ID", member.id());
            json.writeStringProperty("Node", member.node());
            json.writeStringProperty("Address", member.address());
            json.writeBooleanProperty("Leader", member.leads());
            json.writeStringProperty("ProtocolVersion", "3");
            json.writeBooleanProperty("Voter", true);
            json.writeNumberProperty("LastIndex", lastIndex);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeNumberProperty("Index", 0);
          json.writeEndObject();
        });
  }

  /// The members of a group are those that founded it.
  private Response removePeer(Request request, String rest) {
    boolean byId = request.hasParameter("id");
    boolean byAddress = request.hasParameter("address");
    if (!byId && !byAddress) {
      throw new Refusal(
          400,
          "Bad request: Must specify either ?id with the server's ID or ?address with IP:port of"
              + " peer to remove");
    }
    if (byId && byAddress) {
      throw new Refusal(400, "Bad request: Must specify only one of ?id or ?address");
    }
    requireMember(
        byId ? "id" : "address",
        request.parameter(byId ? "id" : "address").orElse(""),
        byId ? Group.Member::id : Group.Member::address);
    throw new Refusal(
        500,
        group.members().size() == 1
            ? "cannot remove the only server of its group"
            : "the servers of a group cannot be changed by this version");
  }

  private void requireMember(String what, String wanted, Function<Group.Member, String> of) {
    if (group.members().stream().map(of).noneMatch(wanted::equals)) {
      throw new Refusal(
          500, "%s \"%s\" was not found in the Raft configuration".formatted(what, wanted));
    }
  }

  private Response transferLeader(Request request, String rest) {
    String id = request.parameter("id").orElse("");
    if (!id.isEmpty()) {
      requireMember("id", id, Group.Member::id);
    }
    throw new Refusal(
        500,
        group.members().size() == 1
            ? "cannot find peer: there is no other server to lead the group"
            : "leadership cannot be handed over on request by this version; stop the leader");
  }

  /// There is no gossip here, so there are no keys for it.
  private Response keyring(Request request, String rest) {
    if (!request.method().equals("GET")) {
      Fields fields = Fields.of(Json.parse(request.body()));
      fields.string("Key");
      fields.end();
    }
    String reason = "Keyring is empty (encryption not enabled)";
    String node = server.nodeName();
    String datacenter = server.datacenter();
    throw new Refusal(
        500,
        """
        4 errors occurred:
        \t* WAN error: 1/1 nodes reported failure
        \t* %s.%s: %s
        \t* %s (LAN) error: 1/1 nodes reported failure
        \t* %s: %s

        """
            .formatted(node, datacenter, reason, datacenter, node, reason));
  }
}
