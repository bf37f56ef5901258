package dev.muster.balancer.response;

import dev.muster.balancer.config.Groups;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ProxiedConfig.Match;
import dev.muster.balancer.config.ProxiedConfig.Replacement;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.variable.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Rules that rewrite a value, the first that matches counts. Immutable.
final class Rewrites {
  private final List<Replacement> rules;

  private Rewrites(List<Replacement> rules) {
    this.rules = List.copyOf(rules);
  }

  static Rewrites of(List<Replacement> rules) {
    return new Rewrites(rules);
  }

  /// Those of a location, with what `default` stands for there in its place.
  static Rewrites of(List<Replacement> rules, LocationConfig location) {
    List<Replacement> all = new ArrayList<>();
    for (Replacement rule : rules) {
      if (rule.match() instanceof Match.ByProxyPass) {
        location.proxy().map(proxy -> byProxyPass(proxy, location.match())).ifPresent(all::add);
      } else {
        all.add(rule);
      }
    }
    return new Rewrites(all);
  }

  private static @Nullable Replacement byProxyPass(
      ProxyConfig proxy, LocationConfig.Match location) {
    if (!(proxy.to() instanceof ProxyConfig.Target.Named(String name))) {
      return null;
    }
    String origin = "http://" + name;
    if (proxy.uri().isEmpty()) {
      return replacement(origin + "/", "/");
    }
    Template uri = proxy.uri().get();
    String path =
        switch (location) {
          case LocationConfig.Match.Prefix(String prefix, _) -> prefix;
          case LocationConfig.Match.Exact(String exact) -> exact;
          case LocationConfig.Match.Regex _, LocationConfig.Match.Named _ -> "";
        };
    return path.isEmpty() || !uri.isLiteral() ? null : replacement(origin + uri.source(), path);
  }

  private static Replacement replacement(String from, String to) {
    return new Replacement(new Match.Text(Template.literal(from)), Template.literal(to));
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  /// The value as a rule has it; null if none matches.
  @Nullable String start(Request request, String value) {
    for (Replacement rule : rules) {
      String found =
          switch (rule.match()) {
            case Match.Text(Template text) -> {
              String prefix = text.text(request);
              yield value.startsWith(prefix)
                  ? rule.by().text(request) + value.substring(prefix.length())
                  : null;
            }
            case Match.Regex(Pattern pattern, Groups groups) ->
                byPattern(request, rule, pattern.matcher(value), groups);
            case Match.ByProxyPass _ -> null;
          };
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /// The same for domains: a text is the whole of one, dot before it and case disregarded.
  @Nullable String whole(Request request, String value) {
    String bare = value.startsWith(".") ? value.substring(1) : value;
    for (Replacement rule : rules) {
      String found =
          switch (rule.match()) {
            case Match.Text(Template text) -> {
              String domain = text.text(request);
              String wanted = domain.startsWith(".") ? domain.substring(1) : domain;
              yield bare.equalsIgnoreCase(wanted) ? rule.by().text(request) : null;
            }
            case Match.Regex(Pattern pattern, Groups groups) ->
                byPattern(request, rule, pattern.matcher(bare), groups);
            case Match.ByProxyPass _ -> null;
          };
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable String byPattern(
      Request request, Replacement rule, Matcher matcher, Groups groups) {
    if (!matcher.find()) {
      return null;
    }
    request.matched(matcher, groups.slots());
    return rule.by().text(request);
  }
}
