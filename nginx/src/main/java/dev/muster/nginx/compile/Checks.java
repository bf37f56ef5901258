package dev.muster.nginx.compile;

import dev.muster.balancer.config.HealthCheck;
import dev.muster.balancer.config.HealthCheck.Body;
import dev.muster.balancer.config.HealthCheck.Expected;
import dev.muster.balancer.config.HealthCheck.Header;
import dev.muster.balancer.config.HealthCheck.Statuses;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// `health_check` and the `match` that it names.
record Checks(Findings findings) {
  /// What a location says of the servers that it passes requests to; empty if it is wrong.
  ///
  /// @param host what servers are asked as
  Optional<HealthCheck> of(Directive directive, Level level, String host) {
    HealthCheck otherwise = HealthCheck.defaults();
    String uri = otherwise.uri();
    Duration interval = otherwise.interval();
    int fails = 1;
    int passes = 1;
    int port = 0;
    boolean isMandatory = false;
    Expected expected = otherwise.expected();
    for (String word : directive.texts()) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? "" : word.substring(equals + 1);
      switch (name) {
        case "interval" -> interval = Quantity.time(value).orElse(Duration.ZERO);
        case "fails" -> fails = Quantity.number(value).orElse(0);
        case "passes" -> passes = Quantity.number(value).orElse(0);
        case "port" -> port = Quantity.number(value).orElse(-1);
        case "uri" -> uri = value;
        case "mandatory" -> isMandatory = true;
        case "match" -> expected = expected(directive, level, value);
        case "jitter", "persistent", "keepalive_time" -> {}
        default -> findings.badParameter(directive, word);
      }
    }
    try {
      return Optional.of(
          new HealthCheck(
              uri,
              host,
              interval,
              otherwise.timeout(),
              fails,
              passes,
              port,
              isMandatory,
              expected));
    } catch (IllegalArgumentException e) {
      findings.error(directive, "invalid \"health_check\"", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Expected expected(Directive directive, Level level, String name) {
    for (Optional<Level> at = Optional.of(level); at.isPresent(); ) {
      for (Directive match : at.get().here("match")) {
        if (match.word(0).equals(name)) {
          return expected(match);
        }
      }
      at = Optional.ofNullable(at.get().outer());
    }
    findings.error(directive, "match \"" + name + "\" is not found");
    return Expected.defaults();
  }

  private Expected expected(Directive match) {
    List<Statuses> statuses = new ArrayList<>();
    List<Header> headers = new ArrayList<>();
    Optional<Body> body = Optional.empty();
    for (Directive test : match.inside()) {
      switch (test.name()) {
        case "status" -> statuses.addAll(statuses(test));
        case "header" -> header(test).ifPresent(headers::add);
        case "body" -> body = body(test);
        default -> findings.error(test, "unknown test \"" + test.name() + "\"");
      }
    }
    if (statuses.isEmpty()) {
      statuses.add(new Statuses(100, 599));
    }
    return new Expected(statuses, headers, body);
  }

  private List<Statuses> statuses(Directive test) {
    List<Statuses> found = new ArrayList<>();
    boolean isNegated = test.size() > 0 && test.word(0).equals("!");
    for (String word : test.texts().subList(isNegated ? 1 : 0, test.size())) {
      if (word.matches("[1-5][0-9][0-9](-[1-5][0-9][0-9])?")) {
        int first = Integer.parseInt(word.substring(0, 3));
        int last = word.length() == 3 ? first : Integer.parseInt(word.substring(4));
        found.add(new Statuses(first, last, isNegated));
      } else {
        findings.badParameter(test, word);
      }
    }
    return found;
  }

  private Optional<Header> header(Directive test) {
    List<String> words = new ArrayList<>(test.texts());
    boolean isAbsent = !words.isEmpty() && words.getFirst().equals("!");
    if (isAbsent) {
      words.removeFirst();
    }
    if (words.size() == 1) {
      return Optional.of(
          new Header(words.getFirst().toLowerCase(Locale.ROOT), Optional.empty(), isAbsent));
    }
    if (words.size() != 3 || isAbsent) {
      findings.badValue(test);
      return Optional.empty();
    }
    String operator = words.get(1);
    Optional<Pattern> pattern =
        operator.endsWith("=")
            ? Optional.of(Pattern.compile(Pattern.quote(words.get(2)) + "\\z"))
            : pattern(test, words.get(2));
    return pattern.map(
        it ->
            new Header(
                words.getFirst().toLowerCase(Locale.ROOT),
                Optional.of(operator.endsWith("=") ? Pattern.compile("\\A" + it) : it),
                operator.startsWith("!")));
  }

  private Optional<Body> body(Directive test) {
    if (test.size() != 2 || !test.word(0).matches("!?~")) {
      findings.badValue(test);
      return Optional.empty();
    }
    return pattern(test, test.word(1)).map(it -> new Body(it, test.word(0).startsWith("!")));
  }

  private Optional<Pattern> pattern(Directive test, String source) {
    try {
      return Optional.of(Regex.of(source, false).pattern());
    } catch (PatternSyntaxException e) {
      findings.error(test, "invalid expression \"" + source + "\"");
      return Optional.empty();
    }
  }
}
