package dev.muster.consul.session;

import dev.muster.consul.form.Fields;
import dev.muster.consul.form.GoDuration;
import dev.muster.consul.form.Names;
import dev.muster.consul.form.Refusal;
import dev.muster.registry.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A session as a request defines it.
final class SessionForm {
  private static final Duration LOCK_DELAY = Duration.ofSeconds(15);
  private static final Duration TTL_MAX = Duration.ofHours(24);

  /// Shorter lock-delays that are numbers are not nanoseconds but seconds.
  private static final Duration LEAST_NANOSECONDS = Duration.ofNanos(1_000);

  /// What a server's node is alive by.
  private static final String NODE_CHECK = "serfHealth";

  private SessionForm() {}

  /// @param fields null if the request had no body
  /// @param node where the session is if the request does not say
  /// @throws Refusal if it makes no sense
  static Session.Definition of(@Nullable Fields fields, String node, Duration ttlMin) {
    if (fields == null) {
      return new Session.Definition(
          "", node, LOCK_DELAY, Session.Behavior.RELEASE, null, List.of(NODE_CHECK), List.of());
    }
    String given = Names.checked("node name", fields.string("Node"));
    String name = Names.checked("session name", fields.string("Name"));
    Session.Behavior behavior = behavior(fields.string("Behavior"));
    Session.@Nullable Ttl ttl = ttl(fields.string("TTL"), ttlMin);
    Duration lockDelay = lockDelay(fields);
    List<String> nodeChecks = nodeChecks(fields);
    List<String> serviceChecks = serviceChecks(fields);
    fields.requireDefault("Namespace", "Partition");
    fields.ignore("ID", "Datacenter", "CreateIndex", "ModifyIndex");
    fields.end();
    return new Session.Definition(
        name, given.isEmpty() ? node : given, lockDelay, behavior, ttl, nodeChecks, serviceChecks);
  }

  private static Session.Behavior behavior(String word) {
    return switch (word) {
      case "", "release" -> Session.Behavior.RELEASE;
      case "delete" -> Session.Behavior.DELETE;
      default -> throw new Refusal(500, "Invalid Behavior setting '%s'".formatted(word));
    };
  }

  private static Session.@Nullable Ttl ttl(String written, Duration min) {
    if (written.isEmpty()) {
      return null;
    }
    Duration ttl =
        GoDuration.parse(written)
            .orElseThrow(
                () ->
                    new Refusal(
                        500,
                        "Session TTL '%s' invalid: time: invalid duration \"%s\""
                            .formatted(written, written)));
    if (ttl.isZero()) {
      return null;
    }
    if (ttl.compareTo(min) < 0 || ttl.compareTo(TTL_MAX) > 0) {
      throw new Refusal(
          500,
          "Invalid Session TTL '%d', must be between [%s=%s]"
              .formatted(ttl.toNanos(), GoDuration.format(min), GoDuration.format(TTL_MAX)));
    }
    return new Session.Ttl(written, ttl);
  }

  private static Duration lockDelay(Fields fields) {
    if (!fields.isGiven("LockDelay")) {
      return LOCK_DELAY;
    }
    Duration delay = fields.duration("LockDelay");
    if (delay.isNegative()) {
      throw new Refusal(
          400, "Invalid LockDelay %s: it must not be negative".formatted(GoDuration.format(delay)));
    }
    return delay.compareTo(LEAST_NANOSECONDS) < 0 ? Duration.ofSeconds(delay.toNanos()) : delay;
  }

  /// Under either of two names; an empty list means none, no list means the usual one.
  private static List<String> nodeChecks(Fields fields) {
    if (!fields.isGiven("NodeChecks") && !fields.isGiven("Checks")) {
      return List.of(NODE_CHECK);
    }
    List<String> checks = new ArrayList<>(fields.strings("NodeChecks"));
    fields.strings("Checks").stream().filter(it -> !checks.contains(it)).forEach(checks::add);
    checks.forEach(it -> Names.checked("check ID", it));
    return checks;
  }

  private static List<String> serviceChecks(Fields fields) {
    List<String> checks = new ArrayList<>();
    for (Fields check : fields.objects("ServiceChecks")) {
      checks.add(Names.checked("check ID", check.string("ID")));
      check.requireDefault("Namespace");
      check.end();
    }
    return checks;
  }
}
