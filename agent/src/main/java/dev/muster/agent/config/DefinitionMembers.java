package dev.muster.agent.config;

import dev.muster.agent.hcl.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/// What the definitions of services and checks may consist of, as the forms of the HTTP API know
/// it. Forms stop at the first name that they do not know; here all of them are found.
enum DefinitionMembers {
  SERVICE(
      "name id tags address port meta tagged_addresses weights enable_tag_override kind check"
          + " checks proxy connect namespace partition token socket_path locality"
          + " enterprise_meta"),
  CHECK(
      "name id check_id notes status service_id ttl http method header body disable_redirects tcp"
          + " udp grpc h2ping args script_args os_service alias_node alias_service tcp_use_tls"
          + " grpc_use_tls h2ping_use_tls tls_skip_verify tls_server_name output_max_size interval"
          + " timeout deregister_critical_service_after success_before_passing"
          + " failures_before_critical failures_before_warning shell docker_container_id script"
          + " namespace partition token service_name"),
  WEIGHTS("passing warning");

  /// Parted by spaces.
  private final String names;

  DefinitionMembers(String names) {
    this.names = names;
  }

  List<String> names() {
    return List.of(names.split(" ", -1));
  }

  /// Takes out what no form knows.
  ///
  /// @param unknown told each member that is taken out, and a guess what was meant: a sentence's
  ///     end, or nothing
  Value.Group known(Value.Group group, BiConsumer<Value.Member, String> unknown) {
    List<Value.Member> known = new ArrayList<>();
    for (Value.Member member : group.members()) {
      String name = normal(member.key());
      if (names().stream().map(DefinitionMembers::normal).anyMatch(name::equals)) {
        known.add(
            new Value.Member(member.key(), member.place(), below(name, member.value(), unknown)));
      } else {
        unknown.accept(
            member,
            Spelling.nearest(member.key().toLowerCase(Locale.ROOT), names())
                .map(meant -> "; did you mean \"" + meant + "\"?")
                .orElse(""));
      }
    }
    return new Value.Group(known, group.place());
  }

  private Value below(String name, Value value, BiConsumer<Value.Member, String> unknown) {
    if (this != SERVICE) {
      return value;
    }
    return switch (name) {
      case "check", "checks" -> CHECK.inside(value, unknown);
      case "weights" -> WEIGHTS.inside(value, unknown);
      default -> value;
    };
  }

  private Value inside(Value value, BiConsumer<Value.Member, String> unknown) {
    return switch (value) {
      case Value.Group group -> known(group, unknown);
      case Value.Sequence(List<Value> elements, var place) ->
          new Value.Sequence(
              elements.stream().map(element -> inside(element, unknown)).toList(), place);
      case Value.Text _, Value.Numeral _, Value.Switch _, Value.Nothing _ -> value;
    };
  }

  /// Names are the same without regard to case and underscores.
  static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "");
  }
}
