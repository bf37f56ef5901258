package dev.muster.consul.operator;

import dev.muster.consul.form.Fields;
import dev.muster.consul.form.GoDuration;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.Standing;
import dev.muster.registry.autopilot.Autopilot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// `/v1/operator/autopilot/…`: how the group looks after its servers, and how they are.
///
/// The configuration is kept for whoever reads it. Servers of this version are neither added nor
/// removed by themselves, so nothing obeys it.
public final class AutopilotEndpoints {
  private final Registry registry;
  private final Reads reads;
  private final Answers answers;
  private final Instant started;
  private final Group group;

  /// Answers for this server.
  ///
  /// @param started since when this server is as healthy as it is
  public AutopilotEndpoints(
      Registry registry, Server server, Reads reads, Answers answers, Instant started) {
    this.registry = registry;
    this.reads = reads;
    this.answers = answers;
    this.started = started.truncatedTo(ChronoUnit.SECONDS);
    this.group = new Group(registry, server);
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/operator/autopilot/configuration", this::configuration);
    routes.add(
        "PUT",
        "/v1/operator/autopilot/configuration",
        this::configure,
        "kept, and obeyed by nobody: servers are neither added nor removed by themselves");
    routes.add("GET", "/v1/operator/autopilot/health", this::health);
    routes.add("GET", "/v1/operator/autopilot/state", this::state);
  }

  private Response configuration(Request request, String rest) {
    Autopilot autopilot = reads.view(request).autopilot();
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          json.writeBooleanProperty("CleanupDeadServers", autopilot.cleanupDeadServers());
          json.writeStringProperty(
              "LastContactThreshold", GoDuration.format(autopilot.lastContactThreshold()));
          json.writeNumberProperty("MaxTrailingLogs", autopilot.maxTrailingLogs());
          json.writeNumberProperty("MinQuorum", autopilot.minQuorum());
          json.writeStringProperty(
              "ServerStabilizationTime", GoDuration.format(autopilot.serverStabilizationTime()));
          json.writeStringProperty("RedundancyZoneTag", autopilot.redundancyZoneTag());
          json.writeBooleanProperty("DisableUpgradeMigration", autopilot.disableUpgradeMigration());
          json.writeStringProperty("UpgradeVersionTag", autopilot.upgradeVersionTag());
          json.writeNumberProperty("CreateIndex", autopilot.createIndex());
          json.writeNumberProperty("ModifyIndex", autopilot.modifyIndex());
          json.writeEndObject();
        });
  }

  private Response configure(Request request, String rest) {
    Autopilot autopilot = read(request.body());
    Command command = new Command.PutAutopilot(autopilot, cas(request.parameter("cas")));
    return answers.bool(request, Answers.isDone(registry.submit(command)));
  }

  private static @Nullable Long cas(Optional<String> text) {
    try {
      return text.isEmpty() ? null : Long.valueOf(Long.parseUnsignedLong(text.get()));
    } catch (NumberFormatException e) {
      throw new Refusal(
          400,
          "Bad request: Error parsing cas value: strconv.ParseUint: parsing \"%s\": invalid syntax"
              .formatted(text.orElse("")));
    }
  }

  private static Autopilot read(byte[] body) {
    try {
      Fields fields = Fields.of(Json.parse(body));
      fields.ignore("CreateIndex", "ModifyIndex");
      var autopilot =
          new Autopilot(
              fields.bool("CleanupDeadServers"),
              fields.duration("LastContactThreshold"),
              fields.integer("MaxTrailingLogs", 0),
              fields.integer("MinQuorum", 0),
              fields.duration("ServerStabilizationTime"),
              fields.string("RedundancyZoneTag"),
              fields.bool("DisableUpgradeMigration"),
              fields.string("UpgradeVersionTag"),
              0,
              0);
      fields.end();
      return autopilot;
    } catch (Refusal e) {
      throw new Refusal(
          400,
          "Bad request: Error parsing autopilot config: "
              + e.reason().replace("Request decode failed: ", ""));
    }
  }

  private Response health(Request request, String rest) {
    reads.view(request);
    Standing standing = registry.standing();
    List<Group.Member> members = group.members();
    Response answer =
        answers.json(
            request,
            json -> {
              json.writeStartObject();
              json.writeBooleanProperty("Healthy", isHealthy(members));
              json.writeNumberProperty("FailureTolerance", tolerance(members));
              json.writeArrayPropertyStart("Servers");
              for (Group.Member member : members) {
                json.writeStartObject();
                json.writeStringProperty("ID", member.id());
                json.writeStringProperty("Name", member.node());
                json.writeStringProperty("Address", member.address());
                json.writeStringProperty("SerfStatus", status(member));
                json.writeStringProperty("Version", Server.CONSUL_VERSION);
                json.writeBooleanProperty("Leader", member.leads());
                common(json, standing);
                json.writeBooleanProperty("Healthy", member.isHealthy());
                json.writeBooleanProperty("Voter", true);
                json.writeStringProperty("StableSince", started.toString());
                json.writeEndObject();
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    return isHealthy(members) ? answer : new Response(429, answer.headers(), answer.body());
  }

  private Response state(Request request, String rest) {
    reads.view(request);
    Standing standing = registry.standing();
    List<Group.Member> members = group.members();
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          json.writeBooleanProperty("Healthy", isHealthy(members));
          json.writeNumberProperty("FailureTolerance", tolerance(members));
          json.writeNumberProperty("OptimisticFailureTolerance", tolerance(members));
          json.writeObjectPropertyStart("Servers");
          members.forEach(member -> serverState(json, member, standing));
          json.writeEndObject();
          json.writeStringProperty(
              "Leader",
              members.stream()
                  .filter(Group.Member::leads)
                  .map(Group.Member::id)
                  .findFirst()
                  .orElse(""));
          Json.strings(json, "Voters", members.stream().map(Group.Member::id).toList());
          json.writeEndObject();
        });
  }

  private void serverState(JsonGenerator json, Group.Member member, Standing standing) {
    json.writeObjectPropertyStart(member.id());
    json.writeStringProperty("ID", member.id());
    json.writeStringProperty("Name", member.node());
    json.writeStringProperty("Address", member.address());
    json.writeStringProperty("NodeStatus", status(member));
    json.writeStringProperty("Version", Server.CONSUL_VERSION);
    common(json, standing);
    json.writeBooleanProperty("Healthy", member.isHealthy());
    json.writeStringProperty("StableSince", started.toString());
    json.writeBooleanProperty("ReadReplica", false);
    json.writeStringProperty("Status", member.leads() ? "leader" : "voter");
    json.writeNullProperty("Meta");
    json.writeStringProperty("NodeType", "voter");
    json.writeEndObject();
  }

  private static void common(JsonGenerator json, Standing standing) {
    json.writeStringProperty("LastContact", "0s");
    json.writeNumberProperty("LastTerm", standing.term());
    json.writeNumberProperty("LastIndex", standing.committedIndex());
  }

  private static String status(Group.Member member) {
    return member.isHealthy() ? "alive" : "failed";
  }

  private static boolean isHealthy(List<Group.Member> members) {
    return members.stream().allMatch(Group.Member::isHealthy);
  }

  /// How many servers may fail before the group cannot decide any more.
  private static long tolerance(List<Group.Member> members) {
    long healthy = members.stream().filter(Group.Member::isHealthy).count();
    return Math.max(0, healthy - (members.size() / 2 + 1));
  }
}
