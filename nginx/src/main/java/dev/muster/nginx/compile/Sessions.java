package dev.muster.nginx.compile;

import dev.muster.balancer.config.GuardConfig;
import dev.muster.balancer.config.UpstreamConfig.Sticky;
import dev.muster.balancer.variable.Template;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// `sticky`, `proxy_stickiness` and `queue` of an upstream.
record Sessions(Texts texts) {
  private static final Duration QUEUED = Duration.ofSeconds(60);
  private static final Duration LEARNED = Duration.ofMinutes(10);

  /// As nginx counts: some 8,000 sessions in a megabyte, and no zone under eight pages.
  private static final int SESSION_BYTES = 128;

  private static final int ZONE_BYTES_MIN = 32 * 1024;
  private static final int SESSIONS_MAX = 1 << 24;

  Optional<Sticky> sticky(Directive upstream) {
    for (Directive directive : upstream.inside()) {
      if (directive.name().equals("proxy_stickiness") && isOn(directive)) {
        return Optional.of(stickiness(upstream.word(0), directive));
      }
      if (directive.name().equals("sticky")) {
        return sticky(directive.word(0), directive);
      }
    }
    return Optional.empty();
  }

  static boolean isOn(Directive directive) {
    return Quantity.onOff(directive.word(0)).orElse(false);
  }

  /// What `proxy_stickiness on` means for an upstream: a cookie with a name of its own, so that
  /// several of them behind one host do not replace each other's.
  Sticky stickiness(String upstream, Directive directive) {
    Sticky.Cookie cookie = Sticky.Cookie.of(upstream);
    texts
        .findings()
        .warn(
            directive,
            "\"proxy_stickiness\" is not nginx's own: taken as \"sticky cookie "
                + cookie.name()
                + "\"");
    return cookie;
  }

  private Optional<Sticky> sticky(String kind, Directive directive) {
    List<String> words = directive.texts().subList(1, directive.size());
    return switch (kind) {
      case "cookie" -> cookie(directive, words);
      case "route" ->
          Optional.of(
              new Sticky.Route(
                  words.stream().map(word -> texts.template(directive, word)).toList()));
      case "learn" -> learn(directive, words);
      // These three are not nginx's own.
      case "ip" -> byRequest(directive, "$remote_addr", words, 0);
      case "path" -> byRequest(directive, "$uri", words, 0);
      case "header" ->
          byRequest(
              directive,
              "$http_" + (words.isEmpty() ? "" : words.getFirst().replace('-', '_')),
              words,
              1);
      default -> {
        texts.findings().badParameter(directive, kind);
        yield Optional.empty();
      }
    };
  }

  private Optional<Sticky> byRequest(
      Directive directive, String variable, List<String> words, int count) {
    if (words.size() != count) {
      texts.findings().error(directive, "invalid number of arguments in \"sticky\" directive");
      return Optional.empty();
    }
    return Optional.of(Sticky.Learned.byRequest(texts.template(directive, variable)));
  }

  private Optional<Sticky> cookie(Directive directive, List<String> words) {
    if (words.isEmpty() || words.getFirst().isEmpty()) {
      texts.findings().error(directive, "invalid number of arguments in \"sticky\" directive");
      return Optional.empty();
    }
    Optional<Duration> expires = Optional.empty();
    Optional<Template> domain = Optional.empty();
    String path = "";
    List<String> attributes = new ArrayList<>();
    for (String word : words.subList(1, words.size())) {
      int equals = word.indexOf('=');
      String value = word.substring(equals + 1);
      switch (equals < 0 ? word : word.substring(0, equals)) {
        case "expires" -> {
          expires = value.equals("max") ? Optional.of(Duration.ofDays(3650)) : Quantity.time(value);
          if (expires.isEmpty()) {
            texts.findings().badParameter(directive, word);
          }
        }
        case "domain" -> domain = Optional.of(texts.template(directive, value));
        case "path" -> path = value;
        case "httponly" -> attributes.add("HttpOnly");
        case "secure" -> attributes.add("Secure");
        case "samesite" ->
            attributes.add(
                switch (value) {
                  case "strict" -> "SameSite=Strict";
                  case "lax" -> "SameSite=Lax";
                  default -> "SameSite=None";
                });
        default -> texts.findings().badParameter(directive, word);
      }
    }
    return Optional.of(new Sticky.Cookie(words.getFirst(), expires, domain, path, attributes));
  }

  private Optional<Sticky> learn(Directive directive, List<String> words) {
    List<Template> created = new ArrayList<>();
    List<Template> asked = new ArrayList<>();
    Duration timeout = LEARNED;
    OptionalInt most = OptionalInt.empty();
    for (String word : words) {
      String value = word.substring(word.indexOf('=') + 1);
      if (word.startsWith("create=")) {
        created.add(texts.template(directive, value));
      } else if (word.startsWith("lookup=")) {
        asked.add(texts.template(directive, value));
      } else if (word.startsWith("timeout=") && Quantity.time(value).isPresent()) {
        timeout = Quantity.time(value).orElse(timeout);
      } else if (word.startsWith("zone=")) {
        most = zone(directive, word, value);
      } else if (!word.equals("header") && !word.equals("sync")) {
        texts.findings().badParameter(directive, word);
      }
    }
    if (created.isEmpty() || asked.isEmpty()) {
      texts
          .findings()
          .error(directive, "\"sticky learn\" needs \"create=\" and \"lookup=\" parameters");
      return Optional.empty();
    }
    if (most.isEmpty()) {
      texts.findings().error(directive, "\"sticky learn\" needs a \"zone=name:size\" parameter");
      return Optional.empty();
    }
    return Optional.of(new Sticky.Learned(created, asked, timeout, most.getAsInt()));
  }

  /// How many sessions a zone has room for.
  private OptionalInt zone(Directive directive, String word, String value) {
    int colon = value.indexOf(':');
    OptionalLong bytes =
        colon < 1 ? OptionalLong.empty() : Quantity.bytes(value.substring(colon + 1));
    if (bytes.isEmpty() || bytes.getAsLong() < ZONE_BYTES_MIN) {
      texts
          .findings()
          .error(
              directive,
              bytes.isEmpty()
                  ? "invalid zone size \"" + word + "\""
                  : "zone \"" + word + "\" is too small");
      return OptionalInt.of(1);
    }
    return OptionalInt.of((int) Math.min(SESSIONS_MAX, bytes.getAsLong() / SESSION_BYTES));
  }

  /// The guards of an upstream, with its queue.
  GuardConfig queue(Directive upstream) {
    GuardConfig otherwise = GuardConfig.defaults();
    for (Directive directive : upstream.inside()) {
      if (directive.name().equals("queue")) {
        return queue(directive, otherwise);
      }
    }
    return otherwise;
  }

  private GuardConfig queue(Directive directive, GuardConfig otherwise) {
    OptionalInt most = Quantity.number(directive.word(0));
    Duration timeout = QUEUED;
    if (directive.size() == 2) {
      String word = directive.word(1);
      Optional<Duration> time =
          word.startsWith("timeout=") ? Quantity.time(word.substring(8)) : Optional.empty();
      if (time.isEmpty()) {
        texts.findings().badParameter(directive, word);
      }
      timeout = time.orElse(timeout);
    }
    if (most.isEmpty() || most.getAsInt() == 0) {
      texts
          .findings()
          .error(directive, "invalid value \"" + directive.word(0) + "\" in \"queue\" directive");
    }
    return new GuardConfig(
        most.orElse(0),
        timeout,
        otherwise.limits(),
        otherwise.retryPercent(),
        otherwise.retriesPerSecond(),
        otherwise.panicPercent(),
        otherwise.ejectedPercentMax());
  }
}
