package dev.muster.nginx.compile;

import dev.muster.balancer.config.AccessLogConfig;
import dev.muster.balancer.config.AccessLogConfig.Escape;
import dev.muster.balancer.config.AccessLogConfig.Format;
import dev.muster.balancer.variable.Template;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// `log_format` and `access_log`.
final class Logs {
  private static final String COMBINED = "combined";
  private static final String ESCAPE = "escape=";
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int BUFFER_BYTES_MAX = 16 << 20;

  private final Texts texts;
  private final Findings findings;
  private final Place place;
  private final Map<String, Format> formats = new HashMap<>();

  Logs(Texts texts, Place place) {
    this.texts = texts;
    this.findings = texts.findings();
    this.place = place;
    formats.put(COMBINED, new Format.Combined());
  }

  void declare(Level http) {
    http.here("log_format").forEach(this::format);
  }

  private void format(Directive directive) {
    String name = directive.word(0);
    if (formats.containsKey(name)) {
      findings.error(directive, "duplicate \"log_format\" name \"" + name + "\"");
      return;
    }
    int from = 1;
    Escape escape = Escape.DEFAULT;
    if (directive.word(1).startsWith(ESCAPE)) {
      from = 2;
      String word = directive.word(1).substring(ESCAPE.length());
      switch (word) {
        case "json" -> escape = Escape.JSON;
        case "none" -> escape = Escape.NONE;
        case "default" -> {}
        default -> findings.error(directive, "unknown log format escaping \"" + word + "\"");
      }
    }
    String text = String.join("", directive.texts().subList(from, directive.size()));
    formats.put(name, new Format.Custom(texts.template(directive, text), escape));
  }

  /// The logs of a level, with those it inherits.
  List<AccessLogConfig> of(Level level) {
    List<AccessLogConfig> logs = new ArrayList<>();
    for (Directive directive : level.all("access_log")) {
      if (!directive.word(0).equals("off")) {
        log(directive).ifPresent(logs::add);
      } else if (directive.size() > 1) {
        findings.badParameter(directive, directive.word(1));
      } else {
        return List.of();
      }
    }
    return logs;
  }

  private Optional<AccessLogConfig> log(Directive directive) {
    Optional<String> path = path(directive);
    String name = directive.size() > 1 ? directive.word(1) : COMBINED;
    Format format = formats.get(name);
    if (format == null) {
      findings.error(directive, "unknown log format \"" + name + "\"");
    }
    long buffer = 0;
    Duration flush = Duration.ZERO;
    Optional<Template> condition = Optional.empty();
    for (String word : directive.texts().subList(Math.min(2, directive.size()), directive.size())) {
      String value = word.substring(word.indexOf('=') + 1);
      if (word.startsWith("buffer=")) {
        OptionalLong bytes = Quantity.bytes(value);
        if (bytes.isEmpty() || bytes.getAsLong() == 0) {
          findings.error(directive, "invalid buffer size \"" + value + "\"");
        }
        buffer = bytes.orElse(BUFFER_BYTES);
      } else if (word.startsWith("flush=")) {
        Optional<Duration> time = Quantity.time(value);
        if (time.isEmpty() || time.get().isZero()) {
          findings.error(directive, "invalid flush time \"" + value + "\"");
        }
        flush = time.orElse(Duration.ZERO);
      } else if (word.startsWith("if=")) {
        condition = Optional.of(texts.template(directive, value));
      } else if (word.equals("gzip") || word.startsWith("gzip=")) {
        findings.warn(directive, "the \"gzip\" parameter has no effect here");
        buffer = buffer == 0 ? BUFFER_BYTES : buffer;
      } else {
        findings.badParameter(directive, word);
      }
    }
    if (!flush.isZero() && buffer == 0) {
      findings.error(
          directive, "no buffer is defined for access_log \"" + directive.word(0) + "\"");
    }
    if (path.isEmpty() || format == null) {
      return Optional.empty();
    }
    int bytes = (int) Math.min(buffer, BUFFER_BYTES_MAX);
    return Optional.of(new AccessLogConfig(path.get(), format, bytes, flush, condition));
  }

  private Optional<String> path(Directive directive) {
    String written = directive.word(0);
    if (written.startsWith("syslog:") || written.indexOf('$') >= 0) {
      findings.error(
          directive,
          "access_log \"" + written + "\" is not supported",
          "only files whose names have no variables");
      return Optional.empty();
    }
    if (written.equals("stderr")) {
      return Optional.of("/dev/stderr");
    }
    return Optional.of(place.fromPrefix(written));
  }
}
