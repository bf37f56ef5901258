package dev.muster.nginx.compile;

import dev.muster.balancer.config.GzipConfig;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.AddedHeader;
import dev.muster.balancer.config.ResponseConfig.ErrorPage;
import dev.muster.balancer.config.ResponseConfig.ErrorPages;
import dev.muster.balancer.config.ResponseConfig.Expires;
import dev.muster.balancer.config.ResponseConfig.Rate;
import dev.muster.balancer.variable.Template;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/// What is done with answers: headers, error pages, compression, speed.
record Responses(Texts texts, Proxied proxied) {
  private static final String MODIFIED = "modified";

  ResponseConfig of(Level level) {
    return new ResponseConfig(
        added(level, "add_header"),
        added(level, "add_trailer"),
        expires(level),
        errors(level),
        proxied.of(level),
        gzip(level),
        rate(level),
        ResponseConfig.SERVER);
  }

  private List<AddedHeader> added(Level level, String name) {
    List<AddedHeader> added = new ArrayList<>();
    for (Directive directive : level.merged(name, name + "_inherit")) {
      boolean isAlways = directive.size() == 3 && directive.word(2).equals("always");
      if (directive.size() == 3 && !isAlways) {
        texts.findings().badParameter(directive, directive.word(2));
      }
      added.add(
          new AddedHeader(
              directive.word(0), texts.template(directive, directive.word(1)), isAlways));
    }
    return added;
  }

  private Optional<Expires> expires(Level level) {
    Optional<Directive> found = level.find("expires");
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Directive directive = found.get();
    boolean isModified = directive.size() == 2;
    String word = directive.word(directive.size() - 1);
    boolean isTime = word.indexOf('$') >= 0 || isTime(word);
    boolean isKnown = List.of("epoch", "max", "off").contains(word);
    if (isModified ? !directive.word(0).equals(MODIFIED) || !isTime : !isTime && !isKnown) {
      texts.findings().badValue(directive);
    }
    return Optional.of(new Expires(texts.template(directive, word), isModified));
  }

  private static boolean isTime(String word) {
    boolean hasSign = word.startsWith("+") || word.startsWith("-") || word.startsWith("@");
    return Quantity.time(hasSign ? word.substring(1) : word).isPresent();
  }

  private ErrorPages errors(Level level) {
    List<ErrorPage> pages = new ArrayList<>();
    for (Directive directive : level.all("error_page")) {
      page(directive).ifPresent(pages::add);
    }
    return new ErrorPages(
        pages,
        level.flag("recursive_error_pages", false),
        level.flag("proxy_intercept_errors", false));
  }

  private Optional<ErrorPage> page(Directive directive) {
    int last = directive.size() - 1;
    String target = directive.word(last);
    int answer = ErrorPage.KEPT;
    int end = last;
    String before = directive.word(last - 1);
    if (before.startsWith("=")) {
      OptionalInt status = Quantity.number(before.substring(1));
      if (before.length() > 1 && status.isEmpty()) {
        texts.findings().error(directive, "invalid value \"" + before + "\"");
        return Optional.empty();
      }
      answer = status.orElse(ErrorPage.OF_THE_PAGE);
      end--;
    }
    Set<Integer> statuses = new TreeSet<>();
    for (String word : directive.texts().subList(0, end)) {
      int status = Quantity.number(word).orElse(0);
      if (status == 0 || status == 499) {
        texts.findings().error(directive, "invalid value \"" + word + "\"");
      } else if (status < 300 || status > 599) {
        texts.findings().error(directive, "value \"" + word + "\" must be between 300 and 599");
      }
      statuses.add(status);
    }
    return Optional.of(new ErrorPage(statuses, answer, texts.template(directive, target)));
  }

  private Optional<GzipConfig> gzip(Level level) {
    if (!level.flag("gzip", false)) {
      return Optional.empty();
    }
    GzipConfig otherwise = GzipConfig.defaults();
    Set<String> types = new TreeSet<>();
    for (Directive directive : level.all("gzip_types")) {
      directive.texts().forEach(type -> types.add(type.toLowerCase(Locale.ROOT)));
    }
    int strength = level.number("gzip_comp_level", otherwise.level());
    if (strength < 1 || strength > 9) {
      level
          .find("gzip_comp_level")
          .ifPresent(it -> texts.findings().error(it, "value must be between 1 and 9"));
      strength = otherwise.level();
    }
    return Optional.of(
        new GzipConfig(
            types,
            level.bytes("gzip_min_length", otherwise.minLength()),
            strength,
            proxiedBy(level),
            level.flag("gzip_vary", otherwise.addsVary()),
            level
                .find("gzip_http_version")
                .map(it -> it.word(0).equals("1.1"))
                .orElse(otherwise.needsVersion11())));
  }

  private Set<GzipConfig.Proxied> proxiedBy(Level level) {
    Set<GzipConfig.Proxied> all = EnumSet.noneOf(GzipConfig.Proxied.class);
    for (Directive directive : level.all("gzip_proxied")) {
      for (String word : directive.texts()) {
        switch (word) {
          case "off" -> {}
          case "expired" -> all.add(GzipConfig.Proxied.EXPIRED);
          case "no-cache" -> all.add(GzipConfig.Proxied.NO_CACHE);
          case "no-store" -> all.add(GzipConfig.Proxied.NO_STORE);
          case "private" -> all.add(GzipConfig.Proxied.PRIVATE);
          case "no_last_modified" -> all.add(GzipConfig.Proxied.NO_LAST_MODIFIED);
          case "no_etag" -> all.add(GzipConfig.Proxied.NO_ETAG);
          case "auth" -> all.add(GzipConfig.Proxied.AUTH);
          case "any" -> all.add(GzipConfig.Proxied.ANY);
          default -> texts.findings().error(directive, "invalid value \"" + word + "\"");
        }
      }
    }
    return all;
  }

  private Rate rate(Level level) {
    Optional<Template> limit = level.find("limit_rate").flatMap(this::size);
    Optional<Template> after = level.find("limit_rate_after").flatMap(this::size);
    long bytes =
        after.filter(Template::isLiteral).map(Template::source).map(Quantity::bytes).stream()
            .mapToLong(it -> it.orElse(0))
            .findFirst()
            .orElse(0);
    return new Rate(limit, bytes);
  }

  private Optional<Template> size(Directive directive) {
    String word = directive.word(0);
    if (word.indexOf('$') < 0 && Quantity.bytes(word).isEmpty()) {
      texts.findings().badValue(directive);
      return Optional.empty();
    }
    return Optional.of(texts.template(directive, word));
  }
}
