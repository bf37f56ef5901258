package dev.muster.balancer.config;

import dev.muster.balancer.variable.Template;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What is done with the header lines of instances' answers (nginx's proxy module).
///
/// @param hidden the fields that clients do not get, in lower case
/// @param ignored the fields whose meaning for the balancer is disregarded, in lower case
///     (`proxy_ignore_headers`)
/// @param redirects how Location and Refresh are rewritten; the first that matches counts
///     (`proxy_redirect`)
/// @param cookies how Set-Cookie is rewritten
public record ProxiedConfig(
    Set<String> hidden, Set<String> ignored, List<Replacement> redirects, Cookies cookies) {
  /// What nginx hides: the first two are the balancer's own.
  private static final Set<String> HIDDEN =
      Set.of(
          "date",
          "server",
          "x-pad",
          "x-accel-expires",
          "x-accel-redirect",
          "x-accel-limit-rate",
          "x-accel-buffering",
          "x-accel-charset");

  /// A rule of rewriting.
  ///
  /// @param match what it is for
  /// @param by what takes the place of the part that matched
  public record Replacement(Match match, Template by) {}

  /// What a rule of rewriting is for.
  public sealed interface Match {
    /// What starts with a text (for domains: what is it, case and a dot before it disregarded).
    ///
    /// @param text usually without variables
    record Text(Template text) implements Match {}

    /// `~regex`, `~*regex`.
    ///
    /// @param pattern searched
    /// @param groups its named groups
    record Regex(Pattern pattern, Groups groups) implements Match {}

    /// `proxy_redirect default`: what names the instance as `proxy_pass` does; its replacement is
    /// the location, and the rule's own is not asked for.
    record ByProxyPass() implements Match {}
  }

  /// How Set-Cookie is rewritten.
  ///
  /// @param paths `proxy_cookie_path`
  /// @param domains `proxy_cookie_domain`
  /// @param flags `proxy_cookie_flags`; the first for a cookie counts
  public record Cookies(
      List<Replacement> paths, List<Replacement> domains, List<CookieFlags> flags) {
    /// Not at all.
    public static final Cookies AS_THEY_ARE = new Cookies(List.of(), List.of(), List.of());

    /// Copies what it is given.
    public Cookies {
      paths = List.copyOf(paths);
      domains = List.copyOf(domains);
      flags = List.copyOf(flags);
    }

    /// Whether nothing is rewritten.
    public boolean isEmpty() {
      return paths.isEmpty() && domains.isEmpty() && flags.isEmpty();
    }
  }

  /// `proxy_cookie_flags cookie flag…`.
  ///
  /// @param cookie matches the names of cookies as a whole, such as `Pattern.quote(name)`
  /// @param flags `secure`, `httponly`, `samesite=strict`, `samesite=lax`, `samesite=none`, and
  ///     `nosecure`, `nohttponly`, `nosamesite`
  public record CookieFlags(Pattern cookie, List<String> flags) {
    /// Copies what it is given.
    public CookieFlags {
      flags = List.copyOf(flags);
    }
  }

  /// Copies what it is given.
  public ProxiedConfig {
    hidden = Set.copyOf(hidden);
    ignored = Set.copyOf(ignored);
    redirects = List.copyOf(redirects);
  }

  /// nginx's: its own fields hidden, redirects made to lead back to the location.
  public static ProxiedConfig defaults() {
    return new ProxiedConfig(
        HIDDEN,
        Set.of(),
        List.of(new Replacement(new Match.ByProxyPass(), Template.literal(""))),
        Cookies.AS_THEY_ARE);
  }

  /// The same hiding some fields more (`proxy_hide_header`), and showing others
  /// (`proxy_pass_header`).
  public ProxiedConfig hiding(List<String> more, List<String> shown) {
    Set<String> names = new TreeSet<>(HIDDEN);
    more.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    shown.forEach(name -> names.remove(name.toLowerCase(Locale.ROOT)));
    return new ProxiedConfig(names, ignored, redirects, cookies);
  }

  /// The same without regard to some fields.
  public ProxiedConfig ignoring(List<String> names) {
    Set<String> lowerCase = new TreeSet<>();
    names.forEach(name -> lowerCase.add(name.toLowerCase(Locale.ROOT)));
    return new ProxiedConfig(hidden, lowerCase, redirects, cookies);
  }

  /// The same with other rules for redirects; none for `proxy_redirect off`.
  public ProxiedConfig redirecting(List<Replacement> others) {
    return new ProxiedConfig(hidden, ignored, others, cookies);
  }

  /// The same with rules for cookies.
  public ProxiedConfig with(Cookies others) {
    return new ProxiedConfig(hidden, ignored, redirects, others);
  }
}
