package dev.muster.agent.config;

import dev.muster.agent.config.Definitions.DefinedCheck;
import dev.muster.agent.config.Definitions.DefinedService;
import dev.muster.agent.hcl.Place;
import dev.muster.agent.hcl.Value;
import dev.muster.consul.form.CheckForm;
import dev.muster.consul.form.Fields;
import dev.muster.consul.form.Names;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.form.ServiceForm;
import dev.muster.health.probe.ScriptChecks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the definitions of services and checks by the forms of the HTTP API; what those refuse is
/// a problem with the line of the key they speak of.
final class DefinitionReading {
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

  private final ScriptChecks scripts;
  private final Values values;
  private final Problems problems;

  DefinitionReading(Values values, Problems problems, ScriptChecks scripts) {
    this.scripts = scripts;
    this.values = values;
    this.problems = problems;
  }

  Definitions definitions() {
    Map<String, DefinedService> services = new LinkedHashMap<>();
    for (Value.Group group : groups("service", "services")) {
      read(group, "service", DefinitionMembers.SERVICE, this::service)
          .map(form -> new DefinedService(form, group.place()))
          .ifPresent(
              service ->
                  warnOfSecond(
                      "service",
                      service.form().id(),
                      services.put(service.form().id(), service),
                      DefinedService::place,
                      service.place()));
    }
    Map<String, DefinedCheck> checks = new LinkedHashMap<>();
    for (Value.Group group : groups("check", "checks")) {
      read(group, "check", DefinitionMembers.CHECK, this::check)
          .map(form -> new DefinedCheck(form, group.place()))
          .ifPresent(
              check ->
                  warnOfSecond(
                      "check",
                      check.id(),
                      checks.put(check.id(), check),
                      DefinedCheck::place,
                      check.place()));
    }
    return new Definitions(List.copyOf(services.values()), List.copyOf(checks.values()));
  }

  private ServiceForm service(Fields fields) {
    ServiceForm form = ServiceForm.ofFile(fields, "");
    form.checks().forEach(check -> check.requireAllowed(scripts));
    return form;
  }

  private CheckForm check(Fields fields) {
    CheckForm form = CheckForm.ofFile(fields);
    form.requireAllowed(scripts);
    if (form.id().isEmpty() && Names.checked("check name", form.name()).isEmpty()) {
      throw new Refusal(400, "Missing check name");
    }
    var _ = CheckForm.status(form.status(), "Bad check status \"" + form.status() + "\"");
    return form;
  }

  private List<Value.Group> groups(String one, String many) {
    List<Value.Group> groups = new ArrayList<>();
    for (String key : List.of(one, many)) {
      for (Value value : values.all(key)) {
        if (value instanceof Value.Group group) {
          groups.add(group);
        }
      }
    }
    return groups;
  }

  private <T> void warnOfSecond(
      String what, String id, @Nullable T first, Function<T, Place> place, Place second) {
    if (first != null) {
      problems.warn(
          second,
          "%s \"%s\" is defined at %s already; this one holds"
              .formatted(what, id, place.apply(first)));
    }
  }

  /// A form tells its first problem only, so names are looked at before.
  private <T> Optional<T> read(
      Value.Group group, String what, DefinitionMembers members, Function<Fields, T> form) {
    Value.Group known =
        members.known(
            group,
            (member, guess) ->
                problems.add(
                    member.place(),
                    named(what, group),
                    "unknown field \"%s\"%s".formatted(member.key(), guess)));
    try {
      return Optional.of(form.apply(Fields.of(Definitions.request(known))));
    } catch (Refusal e) {
      String reason = e.reason().replace("Request decode failed: ", "").replace("json: ", "");
      problems.add(placeOf(reason, group), named(what, group), reason);
      return Optional.empty();
    }
  }

  private static String named(String what, Value.Group group) {
    return group.members().stream()
        .filter(member -> member.key().equalsIgnoreCase("name"))
        .map(Value.Member::value)
        .filter(Value.Text.class::isInstance)
        .map(value -> what + " " + value.described())
        .findFirst()
        .orElse(what);
  }

  /// Forms know no places, but they put the name of what they complain of in quotes.
  private static Place placeOf(String reason, Value.Group group) {
    Matcher quoted = QUOTED.matcher(reason);
    while (quoted.find()) {
      Optional<Place> place = find(group, DefinitionMembers.normal(quoted.group(1)));
      if (place.isPresent()) {
        return place.get();
      }
    }
    return group.place();
  }

  private static Optional<Place> find(Value value, String key) {
    return switch (value) {
      case Value.Group group -> {
        for (Value.Member member : group.members()) {
          if (DefinitionMembers.normal(member.key()).equals(key)) {
            yield Optional.of(member.place());
          }
        }
        yield group.members().stream()
            .map(member -> find(member.value(), key))
            .flatMap(Optional::stream)
            .findFirst();
      }
      case Value.Sequence(List<Value> elements, _) ->
          elements.stream().map(each -> find(each, key)).flatMap(Optional::stream).findFirst();
      case Value.Text _, Value.Numeral _, Value.Switch _, Value.Nothing _ -> Optional.empty();
    };
  }
}
