package dev.muster.consul;

import java.util.List;
import java.util.regex.Pattern;

/// The answers of the 500s that a request may get: those of Consul itself.
final class Faults {
  /// @param text the whole of the answer, without the line's end
  /// @param why it is no 4xx
  private record Allowed(Pattern text, String why) {}

  private static final String RECORDED = "so recorded of Consul";
  private static final String AS_CONSUL =
      "Consul's servers refuse it behind its HTTP layer, where every refusal is a 500";
  private static final String OURS = "ours, where Consul's own text would be a 500, too";

  private static final List<Allowed> ALLOWED =
      List.of(
          recorded("strconv\\.ParseUint: parsing \".*\": invalid syntax"),
          recorded(
              "failed session lookup: index error: (UUID must be 36 characters|Invalid UUID.*)"),
          recorded("invalid session \".*\""),
          recorded("No path to datacenter"),
          recorded("Invalid Session TTL '-?\\d+', must be between \\[10s=24h0m0s\\]"),
          recorded("Invalid Behavior setting '.*'"),
          recorded("Missing node registration"),
          recorded("Missing check '.*' registration"),
          recorded("ServiceID \".*\" does not exist"),
          recorded("CheckID \".*\" does not have associated TTL"),
          recorded("Must provide address if SkipNodeUpdate is not set"),
          recorded("Invalid service address"),
          recorded("Must provide node"),
          recorded("Invalid prepared query: .*"),
          recorded("(address|id) \".*\" was not found in the Raft configuration"),
          recorded("4 errors occurred:.*Keyring is empty.*"),
          recorded("1 error occurred:.*"),
          recorded("invalid config entry kind: .*"),
          recorded("agent: No node found with name '.*'"),
          recorded("failed to (decompress snapshot|read snapshot file): .*"),
          consul("Session TTL '.*' invalid: time: invalid duration \".*\""),
          consul("missing session"),
          consul("Check '.*' is in critical state"),
          consul("Missing service registration"),
          consul("check node \".*\" does not match node \".*\""),
          consul("Must provide service name \\(Service\\.Service\\)"),
          consul("Must provide check ID or name"),
          consul("No cluster leader"),
          consul("Cannot modify non-existent prepared query: '.*'"),
          consul("archive/tar: .*"),
          consul("service \".*\" does not have a subset named \".*\""),
          consul("ID must be empty when creating a new prepared query"),
          consul("failed prepared query lookup: index error: .*"),
          consul("Bad limit: strconv\\.Atoi: parsing \".*\": invalid syntax"),
          consul("user event exceeds configured limit of \\d+ bytes before encoding"),
          consul("Cannot provide tag filter without service filter"),
          consul("Invalid (node|service|tag) filter: .*"),
          consul("Scripts are disabled on this agent from remote calls.*"),
          consul("Connect must be enabled in order to use this endpoint"),
          ours("This server cannot be stopped by a request; stop its process"),
          ours("cannot find peer: there is no other server to lead the group"),
          ours("cannot remove the only server of its group"),
          ours("config entry kind .* is not here: it means something in a mesh only"));

  private Faults() {}

  private static Allowed recorded(String text) {
    return new Allowed(Pattern.compile(text, Pattern.DOTALL), RECORDED);
  }

  private static Allowed consul(String text) {
    return new Allowed(Pattern.compile(text, Pattern.DOTALL), AS_CONSUL);
  }

  private static Allowed ours(String text) {
    return new Allowed(Pattern.compile(text, Pattern.DOTALL), OURS);
  }

  static boolean isAllowed(String path, int status, String body) {
    if (status == 503) {
      // The status says how the instances are.
      return path.startsWith("/v1/agent/health/service/");
    }
    if (status == 500 && path.equals("/v1/config")) {
      // Consul checks entries behind its HTTP layer; each kind has its own sentences.
      return true;
    }
    return status == 500
        && ALLOWED.stream().anyMatch(it -> it.text().matcher(body.stripTrailing()).matches());
  }
}
