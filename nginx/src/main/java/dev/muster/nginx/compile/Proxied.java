package dev.muster.nginx.compile;

import dev.muster.balancer.config.ProxiedConfig;
import dev.muster.balancer.config.ProxiedConfig.CookieFlags;
import dev.muster.balancer.config.ProxiedConfig.Cookies;
import dev.muster.balancer.config.ProxiedConfig.Match;
import dev.muster.balancer.config.ProxiedConfig.Replacement;
import dev.muster.balancer.variable.Template;
import dev.muster.nginx.compile.Texts.Expression;
import dev.muster.nginx.language.Directive;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What is done with the header lines of instances: `proxy_redirect`, `proxy_cookie_*`,
/// `proxy_hide_header`, `proxy_pass_header`, `proxy_ignore_headers`.
record Proxied(Texts texts) {
  private static final Set<String> IGNORABLE =
      Set.of(
          "X-Accel-Redirect",
          "X-Accel-Expires",
          "X-Accel-Limit-Rate",
          "X-Accel-Buffering",
          "X-Accel-Charset",
          "Expires",
          "Cache-Control",
          "Set-Cookie",
          "Vary");
  private static final Set<String> FLAGS =
      Set.of(
          "secure",
          "nosecure",
          "httponly",
          "nohttponly",
          "samesite=strict",
          "samesite=lax",
          "samesite=none",
          "nosamesite");

  ProxiedConfig of(Level level) {
    ProxiedConfig config =
        ProxiedConfig.defaults()
            .hiding(names(level, "proxy_hide_header"), names(level, "proxy_pass_header"))
            .ignoring(ignored(level))
            .with(
                new Cookies(
                    replacements(level, "proxy_cookie_path"),
                    replacements(level, "proxy_cookie_domain"),
                    flags(level)));
    return level.all("proxy_redirect").isEmpty()
        ? config
        : config.redirecting(replacements(level, "proxy_redirect"));
  }

  private static List<String> names(Level level, String directive) {
    return level.all(directive).stream().map(it -> it.word(0)).toList();
  }

  private List<String> ignored(Level level) {
    List<String> names = new ArrayList<>();
    for (Directive directive : level.all("proxy_ignore_headers")) {
      for (String word : directive.texts()) {
        if (IGNORABLE.stream().noneMatch(word::equalsIgnoreCase)) {
          texts.findings().error(directive, "invalid value \"" + word + "\"");
        }
        names.add(word);
      }
    }
    return names;
  }

  private List<Replacement> replacements(Level level, String name) {
    List<Replacement> rules = new ArrayList<>();
    for (Directive directive : level.all(name)) {
      String first = directive.word(0);
      if (directive.size() == 2) {
        rules.add(
            new Replacement(match(directive, first), texts.template(directive, directive.word(1))));
      } else if (first.equals("off")) {
        return List.of();
      } else if (first.equals("default") && name.equals("proxy_redirect")) {
        rules.add(new Replacement(new Match.ByProxyPass(), Template.literal("")));
      } else {
        texts.findings().badParameter(directive, first);
      }
    }
    return rules;
  }

  private Match match(Directive directive, String word) {
    if (!word.startsWith("~")) {
      return new Match.Text(texts.template(directive, word));
    }
    boolean ignoresCase = word.startsWith("~*");
    Expression expression =
        texts.expression(directive, word.substring(ignoresCase ? 2 : 1), ignoresCase);
    return new Match.Regex(expression.pattern(), expression.groups());
  }

  private List<CookieFlags> flags(Level level) {
    List<CookieFlags> all = new ArrayList<>();
    for (Directive directive : level.all("proxy_cookie_flags")) {
      String cookie = directive.word(0);
      if (cookie.equals("off") && directive.size() == 1) {
        return List.of();
      }
      List<String> flags = directive.texts().subList(1, directive.size());
      for (String flag : flags) {
        if (!FLAGS.contains(flag)) {
          texts.findings().badParameter(directive, flag);
        }
      }
      Pattern pattern =
          cookie.startsWith("~")
              ? texts.expression(directive, cookie.substring(1), true).pattern()
              : Pattern.compile(Pattern.quote(cookie), Pattern.CASE_INSENSITIVE);
      all.add(new CookieFlags(pattern, flags));
    }
    return all;
  }
}
