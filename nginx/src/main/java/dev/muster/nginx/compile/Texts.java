package dev.muster.nginx.compile;

import dev.muster.balancer.config.Groups;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import dev.muster.nginx.language.Directive;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Reads the words of directives as texts with variables and as regular expressions. What cannot be
/// read is reported, and stands for nothing so that the rest is looked at, too.
record Texts(Variables variables, Findings findings, Variables builtIn) {
  private static final List<String> PREFIXES =
      List.of("http_", "arg_", "cookie_", "sent_http_", "upstream_http_", "upstream_cookie_");
  private static final Pattern NOTHING = Pattern.compile("(?!)");

  /// An expression, and the variables that its named groups become.
  record Expression(Pattern pattern, Groups groups) {}

  /// For one compilation.
  static Texts of(Findings findings) {
    return new Texts(new Variables(), findings, new Variables());
  }

  /// Whether every configuration has a variable of that name; those known by their start, such as
  /// `$http_x`, may be declared all the same.
  boolean isBuiltIn(String name) {
    return builtIn.isKnown(name) && PREFIXES.stream().noneMatch(name::startsWith);
  }

  /// The name of a variable that is declared by this word: without its dollar sign.
  Optional<String> declared(Directive directive, String word) {
    if (word.length() < 2 || word.charAt(0) != '$') {
      findings.error(directive, "invalid variable name \"" + word + "\"");
      return Optional.empty();
    }
    return Optional.of(word.substring(1));
  }

  Template template(Directive at, String text) {
    try {
      return Template.compile(text, variables);
    } catch (UnknownVariable e) {
      findings.error(at, String.valueOf(e.getMessage()));
      return Template.literal("");
    }
  }

  Expression expression(Directive at, String source, boolean ignoresCase) {
    Optional<Regex> regex = parse(at, source, ignoresCase);
    if (regex.isEmpty()) {
      return new Expression(NOTHING, Groups.NONE);
    }
    Map<String, Integer> slots = new HashMap<>();
    regex.get().names().forEach((group, name) -> slots.put(group, variables.declareSlot(name)));
    return new Expression(regex.get().pattern(), new Groups(slots));
  }

  private Optional<Regex> parse(Directive at, String source, boolean ignoresCase) {
    try {
      return Optional.of(Regex.of(source, ignoresCase));
    } catch (PatternSyntaxException e) {
      findings.error(
          at, "pcre2_compile() failed: " + e.getDescription() + " in \"" + source + "\"");
      return Optional.empty();
    }
  }
}
