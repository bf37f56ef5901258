package dev.muster.nginx.compile;

import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ProxyConfig.Header;
import dev.muster.balancer.config.ProxyConfig.Retry;
import dev.muster.balancer.config.ProxyConfig.Target;
import dev.muster.balancer.config.ProxyConfig.Timeouts;
import dev.muster.balancer.variable.Template;
import dev.muster.nginx.language.Address;
import dev.muster.nginx.language.Directive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `proxy_pass` and how a request is passed on.
record Proxies(Texts texts, Upstreams upstreams) {
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";
  private static final String OWN_SCHEME = "$scheme://";

  /// What `proxy_pass` says.
  ///
  /// @param host what the `Host` of a request becomes unless it is set
  private record Pass(Target to, Optional<Template> uri, Template host) {}

  /// Reads `proxy_pass` for a level, with all that it inherits. Empty if it is wrong.
  ///
  /// @param allowsUri whether what stands in for the location's own part of the path may be given
  Optional<ProxyConfig> of(Directive pass, Level level, boolean allowsUri) {
    Optional<Pass> found = pass(pass, allowsUri);
    Optional<Directive> stickiness = level.find("proxy_stickiness").filter(Sessions::isOn);
    if (stickiness.isPresent()
        && found.isPresent()
        && found.get().to instanceof Target.Named(String name)) {
      upstreams.stick(name, stickiness.get());
    }
    Optional<Directive> check = level.first("health_check");
    if (check.isPresent()
        && found.isPresent()
        && found.get().to instanceof Target.Named(String name)) {
      new Checks(texts.findings())
          .of(check.get(), level, name)
          .ifPresent(it -> upstreams.check(name, it));
    }
    return found.map(
        it ->
            new ProxyConfig(it.to, it.uri, headers(level, it.host), timeouts(level), retry(level)));
  }

  private Optional<Pass> pass(Directive directive, boolean allowsUri) {
    String url = directive.word(0);
    if (url.regionMatches(true, 0, HTTPS, 0, HTTPS.length())) {
      texts
          .findings()
          .error(
              directive,
              "https protocol requires SSL support",
              "TLS to upstreams is not served yet: use http://");
      return Optional.empty();
    }
    boolean isHttp = url.regionMatches(true, 0, HTTP, 0, HTTP.length());
    if (url.indexOf('$') >= 0) {
      String rest = isHttp ? url.substring(HTTP.length()) : withoutOwnScheme(url);
      return Optional.of(computed(directive, rest));
    }
    if (!isHttp) {
      texts.findings().error(directive, "invalid URL prefix");
      return Optional.empty();
    }
    return fixed(directive, url.substring(HTTP.length()), allowsUri);
  }

  private static String withoutOwnScheme(String url) {
    return url.startsWith(OWN_SCHEME) ? url.substring(OWN_SCHEME.length()) : url;
  }

  private Pass computed(Directive directive, String url) {
    int slash = url.indexOf('/');
    boolean isWhole = url.startsWith("$") && slash < 0;
    String host = slash < 0 ? url : url.substring(0, slash);
    if (isWhole && texts.variables().isKnown("proxy_host")) {
      host = "$proxy_host";
    }
    return new Pass(
        new Target.Computed(texts.template(directive, url)),
        Optional.empty(),
        texts.template(directive, host));
  }

  private Optional<Pass> fixed(Directive directive, String rest, boolean allowsUri) {
    int end = 0;
    while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
      end++;
    }
    boolean isUnix = rest.regionMatches(true, 0, "unix:", 0, 5);
    String authority = isUnix ? rest : rest.substring(0, end);
    String uri = isUnix ? "" : rest.substring(end);
    if (!uri.isEmpty() && !allowsUri) {
      texts
          .findings()
          .error(
              directive,
              "\"proxy_pass\" cannot have URI part in location given by regular expression, or"
                  + " inside named location, or inside \"if\" statement, or inside"
                  + " \"limit_except\" block");
      return Optional.empty();
    }
    return switch (Address.ofServer(authority)) {
      case Address.Reading.Bad(String reason) -> {
        texts.findings().error(directive, reason + " in upstream \"" + rest + "\"");
        yield Optional.empty();
      }
      case Address.Reading.Unix _ -> {
        texts
            .findings()
            .error(
                directive,
                "upstream \"" + authority + "\" is not supported",
                "use an address and a port");
        yield Optional.empty();
      }
      case Address.Reading.Good(Address address) -> {
        if (upstreams.isDeclared(address.host()) && address.port() != 0) {
          texts
              .findings()
              .error(
                  directive,
                  "upstream \"%s\" may not have port %d".formatted(address.host(), address.port()));
          yield Optional.empty();
        }
        if (!upstreams.isDeclared(authority)) {
          upstreams.single(authority, address);
        }
        yield Optional.of(
            new Pass(
                new Target.Named(authority),
                uri.isEmpty() ? Optional.empty() : Optional.of(Template.literal(uri)),
                Template.literal(authority)));
      }
    };
  }

  /// nginx's own two are there unless set: `Host` names the upstream; `Connection` is ours.
  private List<Header> headers(Level level, Template host) {
    List<Header> headers = new ArrayList<>();
    boolean hasHost = false;
    for (Directive directive : level.all("proxy_set_header")) {
      hasHost |= directive.word(0).equalsIgnoreCase("Host");
      headers.add(new Header(directive.word(0), texts.template(directive, directive.word(1))));
    }
    if (!hasHost) {
      headers.addFirst(new Header("Host", host));
    }
    return headers;
  }

  private static Timeouts timeouts(Level level) {
    Timeouts otherwise = Timeouts.defaults();
    return new Timeouts(
        level.time("proxy_connect_timeout", otherwise.connect()),
        level.time("proxy_read_timeout", otherwise.read()),
        level.time("proxy_send_timeout", otherwise.send()));
  }

  private Retry retry(Level level) {
    List<Integer> statuses = new ArrayList<>();
    boolean isNonIdempotent = false;
    boolean isOff = false;
    boolean isAfterTimeout = level.all("proxy_next_upstream").isEmpty();
    for (Directive directive : level.all("proxy_next_upstream")) {
      for (String word : directive.texts()) {
        switch (word) {
          case "timeout" -> isAfterTimeout = true;
          case "error", "invalid_header", "updating" -> {}
          case "off" -> isOff = true;
          case "non_idempotent" -> isNonIdempotent = true;
          case "http_500", "http_502", "http_503", "http_504", "http_403", "http_404", "http_429" ->
              statuses.add(Integer.parseInt(word.substring(5)));
          default -> texts.findings().error(directive, "invalid value \"" + word + "\"");
        }
      }
    }
    int tries = level.number("proxy_next_upstream_tries", 0);
    Duration within = level.time("proxy_next_upstream_timeout", Duration.ZERO);
    return new Retry(
        isOff ? 1 : tries, within, statuses, isNonIdempotent, isAfterTimeout, Duration.ZERO);
  }
}
