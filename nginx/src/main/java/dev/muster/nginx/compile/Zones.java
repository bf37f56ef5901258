package dev.muster.nginx.compile;

import dev.muster.balancer.config.LimitsConfig;
import dev.muster.balancer.config.LimitsConfig.Reply;
import dev.muster.balancer.config.ZoneConfig;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// `limit_req_zone` and `limit_conn_zone`, and the limits that use them.
final class Zones {
  private static final long BYTES_MIN = 8 * 4096;
  private static final String ZONE = "zone=";
  private static final String RATE = "rate=";
  private static final int CONNECTIONS_MAX = 65_535;

  private final Texts texts;
  private final Findings findings;
  private final Map<String, ZoneConfig> byName = new LinkedHashMap<>();

  Zones(Texts texts) {
    this.texts = texts;
    this.findings = texts.findings();
  }

  Map<String, ZoneConfig> byName() {
    return byName;
  }

  void declare(Level http) {
    http.here("limit_req_zone").forEach(this::zone);
    http.here("limit_conn_zone").forEach(this::zone);
  }

  private void zone(Directive directive) {
    boolean isOfRequests = directive.name().equals("limit_req_zone");
    String name = "";
    long bytes = 0;
    long rate = 1000;
    for (String word : directive.texts().subList(1, directive.size())) {
      if (word.startsWith(ZONE)) {
        int colon = word.indexOf(':');
        OptionalLong size =
            colon < 0 ? OptionalLong.empty() : Quantity.bytes(word.substring(colon + 1));
        if (size.isEmpty() || colon == ZONE.length()) {
          findings.error(directive, "invalid zone size \"" + word + "\"");
          return;
        }
        name = word.substring(ZONE.length(), colon);
        bytes = size.getAsLong();
        if (bytes < BYTES_MIN) {
          findings.error(directive, "zone \"" + word + "\" is too small");
          return;
        }
      } else if (isOfRequests && word.startsWith(RATE)) {
        OptionalLong perKilosecond = rate(word.substring(RATE.length()));
        if (perKilosecond.isEmpty()) {
          findings.error(directive, "invalid rate \"" + word + "\"");
          return;
        }
        rate = perKilosecond.getAsLong();
      } else {
        findings.badParameter(directive, word);
        return;
      }
    }
    if (name.isEmpty()) {
      findings.error(directive, "\"" + directive.name() + "\" must have \"zone\" parameter");
      return;
    }
    var key = texts.template(directive, directive.word(0));
    ZoneConfig zone =
        isOfRequests
            ? new ZoneConfig.Requests(key, bytes, rate)
            : new ZoneConfig.Connections(key, bytes);
    add(directive, name, zone);
  }

  private void add(Directive directive, String name, ZoneConfig zone) {
    ZoneConfig other = byName.putIfAbsent(name, zone);
    if (other == null) {
      return;
    }
    boolean isSameKind =
        other instanceof ZoneConfig.Requests == zone instanceof ZoneConfig.Requests;
    findings.error(
        directive,
        isSameKind
            ? "%s \"%s\" is already bound to key \"%s\""
                .formatted(directive.name(), name, other.key())
            : "the shared memory zone \"" + name + "\" is already declared for a different use");
  }

  private static OptionalLong rate(String word) {
    long scale = word.endsWith("r/m") ? 60 : 1;
    boolean hasUnit = scale == 60 || word.endsWith("r/s");
    OptionalInt count =
        hasUnit ? Quantity.number(word.substring(0, word.length() - 3)) : OptionalInt.empty();
    return count.isEmpty() || count.getAsInt() == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(1, count.getAsInt() * 1000L / scale));
  }

  /// The limits of a level, with those it inherits.
  LimitsConfig limits(Level level) {
    return new LimitsConfig(
        requests(level), reply(level, "limit_req"), connections(level), reply(level, "limit_conn"));
  }

  private List<LimitsConfig.Requests> requests(Level level) {
    List<LimitsConfig.Requests> limits = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Directive directive : level.all("limit_req")) {
      request(directive)
          .filter(limit -> isUsable(directive, limit.zone(), ZoneConfig.Requests.class, seen))
          .ifPresent(limits::add);
    }
    return limits;
  }

  private Optional<LimitsConfig.Requests> request(Directive directive) {
    String zone = "";
    int burst = 0;
    int delay = 0;
    for (String word : directive.texts()) {
      int equals = word.indexOf('=');
      OptionalInt number = Quantity.number(word.substring(equals + 1));
      if (word.startsWith(ZONE)) {
        zone = word.substring(ZONE.length());
      } else if (word.startsWith("burst=") || word.startsWith("delay=")) {
        if (number.isEmpty() || number.getAsInt() == 0) {
          findings.error(
              directive, "invalid %s value \"%s\"".formatted(word.substring(0, equals), word));
          return Optional.empty();
        }
        burst = word.startsWith("burst=") ? number.getAsInt() : burst;
        delay = word.startsWith("delay=") ? number.getAsInt() : delay;
      } else if (word.equals("nodelay")) {
        delay = Integer.MAX_VALUE;
      } else {
        findings.badParameter(directive, word);
        return Optional.empty();
      }
    }
    if (zone.isEmpty()) {
      findings.error(directive, "\"limit_req\" must have \"zone\" parameter");
      return Optional.empty();
    }
    return Optional.of(new LimitsConfig.Requests(zone, burst, delay));
  }

  private List<LimitsConfig.Connections> connections(Level level) {
    List<LimitsConfig.Connections> limits = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Directive directive : level.all("limit_conn")) {
      String zone = directive.word(0);
      int most = Quantity.number(directive.word(1)).orElse(0);
      if (most == 0) {
        findings.error(directive, "invalid number of connections \"" + directive.word(1) + "\"");
      } else if (most > CONNECTIONS_MAX) {
        findings.error(directive, "connection limit must be less 65536");
      } else if (isUsable(directive, zone, ZoneConfig.Connections.class, seen)) {
        limits.add(new LimitsConfig.Connections(zone, most));
      }
    }
    return limits;
  }

  private boolean isUsable(
      Directive directive, String zone, Class<? extends ZoneConfig> kind, Set<String> seen) {
    if (!seen.add(zone)) {
      findings.error(directive, "\"" + directive.name() + "\" directive is duplicate");
      return false;
    }
    if (!kind.isInstance(byName.get(zone))) {
      findings.error(
          directive,
          "zero size shared memory zone \"" + zone + "\"",
          "no " + directive.name() + "_zone declares it");
      return false;
    }
    return true;
  }

  private Reply reply(Level level, String limit) {
    Reply otherwise = Reply.defaults();
    int status = level.number(limit + "_status", otherwise.status());
    if (status < 400 || status > 599) {
      level
          .find(limit + "_status")
          .ifPresent(it -> findings.error(it, "value must be between 400 and 599"));
    }
    org.slf4j.event.Level severity =
        level.find(limit + "_log_level").map(it -> severity(it.word(0))).orElse(otherwise.level());
    return new Reply(status, severity, level.flag(limit + "_dry_run", otherwise.isDryRun()));
  }

  private static org.slf4j.event.Level severity(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "info", "notice" -> org.slf4j.event.Level.INFO;
      case "warn" -> org.slf4j.event.Level.WARN;
      default -> org.slf4j.event.Level.ERROR;
    };
  }
}
