package dev.muster.nginx.compile;

import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.nginx.compile.Texts.Expression;
import dev.muster.nginx.language.Directive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `location`: which requests it is for, and what holds for them.
record Locations(Texts texts, Policies policies) {
  /// What nginx takes in locations, too.
  private static final List<String> OF_SERVERS =
      List.of(
          "absolute_redirect",
          "server_name_in_redirect",
          "port_in_redirect",
          "set_real_ip_from",
          "real_ip_header",
          "real_ip_recursive");

  /// A location that others may be within.
  ///
  /// @param name as it is compared with those within it
  private record Outer(Match match, String name) {}

  /// The locations of a server, in order.
  List<LocationConfig> of(Level server) {
    return inside(server, null);
  }

  private List<LocationConfig> inside(Level level, @Nullable Outer outer) {
    List<LocationConfig> locations = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (Directive directive : level.here("location")) {
      location(directive, level, outer, seen).ifPresent(locations::add);
    }
    return locations;
  }

  private Optional<LocationConfig> location(
      Directive directive, Level level, @Nullable Outer outer, Set<Object> seen) {
    Optional<Named> named = named(directive);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    Match match = named.get().match;
    String name = named.get().name;
    if (!seen.add(identity(match))) {
      texts.findings().error(directive, "duplicate location \"" + name + "\"");
      return Optional.empty();
    }
    if (outer != null && isMisplaced(directive, match, name, outer)) {
      return Optional.empty();
    }
    Level own = new Level(level, directive.inside());
    ofServers(own);
    List<Directive> passes = own.here("proxy_pass");
    return Optional.of(
        of(own, match, policies.content(own, match, passes, true))
            .withNested(inside(own, new Outer(match, name))));
  }

  private void ofServers(Level location) {
    for (String name : OF_SERVERS) {
      location
          .first(name)
          .ifPresent(
              it ->
                  texts
                      .findings()
                      .warn(
                          it, "\"" + name + "\" directive is not done in a location, only around"));
    }
  }

  /// Everything that holds on a level, for requests that match.
  private LocationConfig of(Level level, Match match, Content content) {
    return policies.of(level, match, content).with(instructions(level, match));
  }

  /// What holds for requests that no location is for.
  LocationConfig root(Level server) {
    Match match = new Match.Prefix("/", false);
    return of(server, match, policies.content(server, match, List.of(), true));
  }

  private List<Instruction> instructions(Level level, Match match) {
    return new Rewrites(texts, conditional -> within(conditional, level, match)).of(level.own());
  }

  /// What the block of an `if` says besides instructions; its instructions were run then.
  private Optional<LocationConfig> within(Directive conditional, Level level, Match match) {
    boolean hasMore =
        conditional.inside().stream().anyMatch(each -> !Rewrites.isInstruction(each.name()));
    if (!hasMore) {
      return Optional.empty();
    }
    Level own = new Level(level, conditional.inside());
    List<Directive> passes = own.here("proxy_pass");
    // the location's own proxy_pass holds within its if
    Content content =
        passes.isEmpty()
            ? policies.content(own, match, level.here("proxy_pass"), true)
            : policies.content(own, match, passes, false);
    return Optional.of(policies.of(own, match, content));
  }

  /// What makes two locations the same; expressions never are.
  private static Object identity(Match match) {
    return switch (match) {
      case Match.Exact exact -> exact;
      case Match.Prefix(String path, _) -> path;
      case Match.Regex regex -> regex;
      // nginx takes the first of two with the same name
      case Match.Named named -> new Object[] {named};
    };
  }

  private boolean isMisplaced(Directive directive, Match match, String name, Outer outer) {
    Optional<String> message =
        switch (outer.match) {
          case Match.Exact _ ->
              Optional.of(
                  "location \"%s\" cannot be inside the exact location \"%s\""
                      .formatted(name, outer.name));
          case Match.Named _ ->
              Optional.of(
                  "location \"%s\" cannot be inside the named location \"%s\""
                      .formatted(name, outer.name));
          case Match.Prefix _, Match.Regex _ -> outside(match, name, outer);
        };
    message.ifPresent(text -> texts.findings().error(directive, text));
    return message.isPresent();
  }

  private static Optional<String> outside(Match match, String name, Outer outer) {
    return switch (match) {
      case Match.Named _ ->
          Optional.of("named location \"%s\" can be on the server level only".formatted(name));
      case Match.Regex _ -> Optional.empty();
      case Match.Exact _, Match.Prefix _ ->
          name.startsWith(outer.name)
              ? Optional.empty()
              : Optional.of(
                  "location \"%s\" is outside location \"%s\"".formatted(name, outer.name));
    };
  }

  /// A match and what messages call it.
  private record Named(Match match, String name) {}

  private Optional<Named> named(Directive directive) {
    if (directive.size() == 2) {
      String modifier = directive.word(0);
      String name = directive.word(1);
      return switch (modifier) {
        case "=" -> Optional.of(new Named(new Match.Exact(name), name));
        case "^~" -> Optional.of(new Named(new Match.Prefix(name, true), name));
        case "~" -> Optional.of(regex(directive, name, false));
        case "~*" -> Optional.of(regex(directive, name, true));
        default -> {
          texts.findings().error(directive, "invalid location modifier \"" + modifier + "\"");
          yield Optional.empty();
        }
      };
    }
    String word = directive.word(0);
    if (word.startsWith("=")) {
      return Optional.of(new Named(new Match.Exact(word.substring(1)), word.substring(1)));
    }
    if (word.startsWith("^~")) {
      return Optional.of(new Named(new Match.Prefix(word.substring(2), true), word.substring(2)));
    }
    if (word.startsWith("~*")) {
      return Optional.of(regex(directive, word.substring(2), true));
    }
    if (word.startsWith("~")) {
      return Optional.of(regex(directive, word.substring(1), false));
    }
    return Optional.of(
        new Named(
            word.startsWith("@") ? new Match.Named(word) : new Match.Prefix(word, false), word));
  }

  private Named regex(Directive directive, String source, boolean ignoresCase) {
    Expression expression = texts.expression(directive, source, ignoresCase);
    return new Named(new Match.Regex(expression.pattern(), expression.groups()), source);
  }
}
