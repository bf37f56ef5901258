package dev.muster.nginx.compile;

import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.nginx.compile.Texts.Expression;
import dev.muster.nginx.language.Directive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `location`: which requests it is for, and what holds for them.
record Locations(Texts texts, Proxies proxies, Responses responses) {

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
    List<LocationConfig> nested = inside(own, new Outer(match, name));
    return Optional.of(of(own, match, content(own, match, own.here("proxy_pass"), true), nested));
  }

  /// Everything that holds on a level, for requests that match.
  private LocationConfig of(
      Level level, Match match, Content content, List<LocationConfig> nested) {
    return new LocationConfig(
        match,
        !level.here("internal").isEmpty(),
        instructions(level, match, content),
        content,
        responses.of(level),
        nested);
  }

  /// What holds for requests that no location is for.
  LocationConfig root(Level server) {
    Match match = new Match.Prefix("/", false);
    return of(server, match, new Content.Nothing(), List.of());
  }

  private List<Instruction> instructions(Level level, Match match, Content content) {
    return new Rewrites(texts, conditional -> within(conditional, level, match, content))
        .of(level.own());
  }

  /// What the block of an `if` says besides instructions.
  private Optional<LocationConfig> within(
      Directive conditional, Level level, Match match, Content outside) {
    boolean hasMore =
        conditional.inside().stream().anyMatch(each -> !Rewrites.isInstruction(each.name()));
    if (!hasMore) {
      return Optional.empty();
    }
    Level own = new Level(level, conditional.inside());
    List<Directive> passes = own.here("proxy_pass");
    Content content =
        passes.isEmpty() ? again(outside, level, own) : content(own, match, passes, false);
    // its instructions were run when the condition held
    return Optional.of(
        new LocationConfig(match, false, List.of(), content, responses.of(own), List.of()));
  }

  /// The location's own content as it is within its `if`.
  private Content again(Content outside, Level level, Level own) {
    List<Directive> passes = level.here("proxy_pass");
    if (!(outside instanceof Content.Proxy(ProxyConfig proxy)) || passes.isEmpty()) {
      return outside;
    }
    return proxies
        .of(passes.getFirst(), own, true)
        .<Content>map(
            it ->
                new Content.Proxy(
                    new ProxyConfig(
                        proxy.to(), proxy.uri(), it.headers(), it.timeouts(), it.retry())))
        .orElse(outside);
  }

  private Content content(Level level, Match match, List<Directive> passes, boolean isLocation) {
    if (passes.isEmpty()) {
      return new Content.Nothing();
    }
    boolean allowsUri =
        isLocation
            && switch (match) {
              case Match.Exact _, Match.Prefix _ -> true;
              case Match.Regex _, Match.Named _ -> false;
            };
    return proxies
        .of(passes.getFirst(), level, allowsUri)
        .<Content>map(Content.Proxy::new)
        .orElse(new Content.Nothing());
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
