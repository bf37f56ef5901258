package dev.muster.balancer.response;

import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ProxiedConfig;
import dev.muster.balancer.config.ProxiedConfig.Cookies;
import dev.muster.balancer.config.ProxiedConfig.Match;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.AddedHeader;
import dev.muster.balancer.config.ResponseConfig.ErrorPage;
import dev.muster.balancer.config.ResponseConfig.ErrorPages;
import dev.muster.balancer.config.ResponseConfig.Rate;
import dev.muster.balancer.http1.DateField;
import dev.muster.balancer.http1.Field;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.HttpDate;
import dev.muster.balancer.http1.Names;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.ResponseHead;
import dev.muster.balancer.request.Detour;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.response.Compression.Choice;
import dev.muster.balancer.variable.LateFact;
import dev.muster.balancer.variable.Template;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything that a location of a configuration does with answers, ready to be done. Routes that
/// services ask for have none. Immutable.
public final class ResponseRules {
  private static final byte[] SEPARATOR = Octets.ascii(": ");
  private static final byte[] VARY = Octets.ascii("Vary: Accept-Encoding\r\n");
  private static final byte[] GZIP = Octets.ascii("Content-Encoding: gzip\r\n");
  private static final String ACCEL_REDIRECT = "x-accel-redirect";
  private static final String ACCEL_RATE = "x-accel-limit-rate";

  private final List<Line> added;
  private final List<Line> trailers;
  private final ErrorPages errors;
  private final Rate rate;
  private final byte[] server;
  private final Names hidden;
  private final boolean passesDate;
  private final boolean passesServer;
  private final boolean followsRedirect;
  private final boolean followsRate;
  private final Rewrites redirects;
  private final @Nullable CookieRules cookies;
  private final @Nullable Expiry expiry;
  private final @Nullable Compression compression;
  private final boolean redirectsByDefault;
  private final boolean asksLater;
  private final Set<LateFact> facts;

  /// A header line, its name ready to be written.
  private static final class Line {
    private final byte[] start;
    private final AddedHeader header;

    Line(AddedHeader header) {
      this.start = Octets.ascii(header.name() + ": ");
      this.header = header;
    }

    boolean isFor(int status) {
      return header.isAlways() || isSuccess(status);
    }

    void write(Request request, HeadWriter out) {
      int lineStart = out.length();
      out.write(start);
      int valueStart = out.length();
      header.value().write(request, out);
      if (out.length() == valueStart) {
        out.cutTo(lineStart);
      } else {
        out.keepInLine(valueStart).endLine();
      }
    }
  }

  /// Those of a location.
  ///
  /// @param hasInternal whether its server has a location for redirects within the balancer only;
  ///     else instances cannot send requests elsewhere, so that nothing is kept for them to do so
  public ResponseRules(LocationConfig location, boolean hasInternal) {
    ResponseConfig config = location.response();
    ProxiedConfig proxied = config.proxied();
    this.added = config.added().stream().map(Line::new).toList();
    this.trailers = config.trailers().stream().map(Line::new).toList();
    this.errors = config.errors();
    this.rate = config.rate();
    this.server =
        Octets.ascii(config.server().isEmpty() ? "" : "Server: " + config.server() + "\r\n");
    this.hidden = new Names(proxied.hidden());
    this.passesDate = !proxied.hidden().contains("date");
    this.passesServer = !proxied.hidden().contains("server");
    this.followsRedirect = hasInternal && !proxied.ignored().contains(ACCEL_REDIRECT);
    this.followsRate = !proxied.ignored().contains(ACCEL_RATE);
    this.redirects = Rewrites.of(proxied.redirects(), location);
    this.redirectsByDefault =
        proxied.redirects().stream().allMatch(rule -> rule.match() instanceof Match.ByProxyPass);
    this.cookies = proxied.cookies().isEmpty() ? null : new CookieRules(proxied.cookies());
    this.expiry = config.expires().map(Expiry::new).orElse(null);
    this.compression = config.gzip().map(Compression::new).orElse(null);
    boolean asksOfInstances =
        location.proxy().isPresent() && (followsRedirect || !redirectsByDefault);
    this.asksLater =
        asksOfInstances
            || compression != null
            || cookies != null
            || !errors.pages().isEmpty()
            || !trailers.isEmpty()
            || config.rate().limit().filter(limit -> !limit.isLiteral()).isPresent()
            || config.expires().filter(expires -> !expires.value().isLiteral()).isPresent()
            || !config.added().stream().allMatch(header -> header.value().isLiteral());
    this.facts = facts(config);
  }

  private static Set<LateFact> facts(ResponseConfig config) {
    List<Template> texts = new ArrayList<>();
    config.added().forEach(header -> texts.add(header.value()));
    config.trailers().forEach(header -> texts.add(header.value()));
    config.errors().pages().forEach(page -> texts.add(page.target()));
    config.rate().limit().ifPresent(texts::add);
    config.expires().ifPresent(expires -> texts.add(expires.value()));
    Cookies cookies = config.proxied().cookies();
    Stream.of(config.proxied().redirects(), cookies.paths(), cookies.domains())
        .flatMap(List::stream)
        .forEach(rule -> texts.add(rule.by()));
    Set<LateFact> asked = EnumSet.noneOf(LateFact.class);
    for (LateFact fact : LateFact.values()) {
      if (texts.stream().anyMatch(text -> text.asks(fact))) {
        asked.add(fact);
      }
    }
    return asked;
  }

  /// Whether a text of them needs something noted that is not noted otherwise.
  public boolean asks(LateFact fact) {
    return facts.contains(fact);
  }

  /// Whether the request's head is asked for after the request was sent on.
  public boolean asksLater() {
    return asksLater;
  }

  /// What takes the place of an error, or null.
  public @Nullable ErrorPage pageFor(int status, Request request) {
    Detour detour = request.detour();
    if (detour != null && detour.isErrorPage()) {
      return null;
    }
    for (ErrorPage page : errors.pages()) {
      if (page.statuses().contains(status)) {
        return page;
      }
    }
    return null;
  }

  /// Whether errors of error pages get pages too.
  public boolean isRecursive() {
    return errors.isRecursive();
  }

  /// Whether an instance's answer of that status is not what the client gets.
  public boolean intercepts(int status) {
    if (status >= 300 && errors.intercepts()) {
      for (ErrorPage page : errors.pages()) {
        if (page.statuses().contains(status)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Where an instance sends the request instead of answering it (`X-Accel-Redirect`), or null.
  public @Nullable String redirect(HeaderBlock headers) {
    int index = followsRedirect ? headers.indexOf(ACCEL_REDIRECT, 0) : -1;
    return index < 0 ? null : headers.value(index);
  }

  /// How many octets a second the client gets, 0 for no limit.
  ///
  /// @param headers of an instance, which may say so (`X-Accel-Limit-Rate`); null without
  public long rate(Request request, @Nullable HeaderBlock headers) {
    int index = headers == null || !followsRate ? -1 : headers.indexOf(ACCEL_RATE, 0);
    if (index >= 0 && headers != null) {
      return Sizes.parse(headers.value(index));
    }
    String assigned = request.assigned(Request.LIMIT_RATE);
    if (assigned != null) {
      return Sizes.parse(assigned);
    }
    return rate.limit().isEmpty() ? 0 : Sizes.parse(rate.limit().get().text(request));
  }

  /// How many octets the client gets before its rate is limited.
  public long rateAfter() {
    return rate.after();
  }

  /// How compressed answers are, if any are.
  public @Nullable Compression compression() {
    return compression;
  }

  /// Whether an answer is compressed.
  ///
  /// @param length of its body, -1 if unknown
  /// @param headers of an instance; null for a file
  public Choice choose(
      Request request, int status, String type, long length, @Nullable HeaderBlock headers) {
    return compression == null
        ? Choice.PLAIN
        : compression.choose(request, status, type, length, headers);
  }

  /// Whether lines are added behind the body.
  public boolean hasTrailers(int status) {
    for (int i = 0; i < trailers.size(); i++) {
      if (trailers.get(i).isFor(status)) {
        return true;
      }
    }
    return false;
  }

  /// Appends the lines behind the body, without the empty one.
  public void writeTrailers(Request request, int status, HeadWriter out) {
    write(trailers, request, status, out);
  }

  /// Appends the header lines that an answer of the balancer itself gets beside its own.
  ///
  /// @param modified when the file was last changed, or [HttpDate#NONE]
  public void writeOwn(
      Request request, int status, Choice choice, long modified, DateField date, HeadWriter out) {
    out.write(server).write(date.line());
    writeChoice(choice, out);
    if (expiry != null && isSuccess(status)) {
      expiry.write(request, date.seconds(), modified, out);
    }
    writeCarried(request, out);
  }

  /// Whether header lines are added.
  public boolean adds() {
    return !added.isEmpty();
  }

  /// Appends the header lines that are added to answers of a status.
  public void writeAdded(Request request, int status, HeadWriter out) {
    write(added, request, status, out);
  }

  /// Appends the header lines of an instance's answer as the client gets them.
  ///
  /// @param status that the client is told
  /// @param isRecoded whether the body changes on its way
  public void writeProxied(
      Request request,
      ResponseHead head,
      int status,
      Choice choice,
      boolean isRecoded,
      DateField date,
      HeadWriter out) {
    HeaderBlock headers = head.headers();
    if (!passesServer || headers.indexOf("server", 0) < 0) {
      out.write(server);
    }
    if (!passesDate || headers.indexOf("date", 0) < 0) {
      out.write(date.line());
    }
    headers.drop(hidden);
    if (isRecoded) {
      headers.drop(Field.CONTENT_LENGTH);
    }
    long modified = expiry == null ? HttpDate.NONE : modified(headers);
    boolean expires = expiry != null && isSuccess(status) && expiry.applies(request);
    if (expires) {
      drop(headers, "expires");
      drop(headers, "cache-control");
    }
    if (!redirects.isEmpty()) {
      writeRedirects(request, headers, out);
    }
    if (cookies != null) {
      writeCookies(cookies, request, headers, out);
    }
    if (choice == Choice.GZIP) {
      weaken(headers, out);
    }
    headers.writeKept(out);
    writeChoice(choice, out);
    if (expires && expiry != null) {
      expiry.write(request, date.seconds(), modified, out);
    }
    writeCarried(request, out);
  }

  private static long modified(HeaderBlock headers) {
    int index = headers.indexOf("last-modified", 0);
    return index < 0 ? HttpDate.NONE : HttpDate.parse(headers.value(index));
  }

  private static void drop(HeaderBlock headers, String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    for (int i = headers.indexOf(lowerCase, 0); i >= 0; i = headers.indexOf(lowerCase, i + 1)) {
      headers.drop(i);
    }
  }

  private void writeRedirects(Request request, HeaderBlock headers, HeadWriter out) {
    int location = headers.indexOf("location", 0);
    String to = location < 0 ? null : redirects.start(request, headers.value(location));
    if (to != null) {
      headers.drop(location);
      String where =
          redirectsByDefault ? Origins.withoutHead(request, to) : Origins.absolute(request, to);
      write("Location", where, out);
    }
    int refresh = headers.indexOf("refresh", 0);
    if (refresh >= 0) {
      String value = headers.value(refresh);
      int url = value.toLowerCase(Locale.ROOT).indexOf("url=") + 4;
      String changed = url < 4 ? null : redirects.start(request, value.substring(url));
      if (changed != null) {
        headers.drop(refresh);
        write("Refresh", value.substring(0, url) + changed, out);
      }
    }
  }

  private static void writeCookies(
      CookieRules rules, Request request, HeaderBlock headers, HeadWriter out) {
    for (int i = headers.indexOf("set-cookie", 0);
        i >= 0;
        i = headers.indexOf("set-cookie", i + 1)) {
      String changed = rules.rewrite(request, headers.value(i));
      if (changed != null) {
        headers.drop(i);
        write("Set-Cookie", changed, out);
      }
    }
  }

  // What is compressed is not octet by octet what the tag was given for, nor can be cut in ranges.
  private static void weaken(HeaderBlock headers, HeadWriter out) {
    drop(headers, "accept-ranges");
    int index = headers.indexOf("etag", 0);
    if (index >= 0 && !headers.value(index).startsWith("W/")) {
      headers.drop(index);
      write("ETag", "W/" + headers.value(index), out);
    }
  }

  private void writeChoice(Choice choice, HeadWriter out) {
    if (choice == Choice.GZIP) {
      out.write(GZIP);
    }
    if (choice != Choice.PLAIN && compression != null && compression.addsVary()) {
      out.write(VARY);
    }
  }

  private static void writeCarried(Request request, HeadWriter out) {
    Detour detour = request.detour();
    if (detour != null) {
      for (Detour.Line line : detour.carried()) {
        if (!line.name().equals("Content-Type")) {
          write(line.name(), line.value(), out);
        }
      }
    }
  }

  private static void write(String name, String value, HeadWriter out) {
    int start = out.length();
    out.write(Octets.ascii(name)).write(SEPARATOR).write(Octets.latin1(value));
    endLine(start, out);
  }

  private static void write(List<Line> lines, Request request, int status, HeadWriter out) {
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (line.isFor(status)) {
        line.write(request, out);
      }
    }
  }

  // A variable may hold what a client sent percent-encoded: it must not begin another line.
  private static void endLine(int start, HeadWriter out) {
    if (out.isLine(start)) {
      out.endLine();
    } else {
      out.cutTo(start);
    }
  }

  private static boolean isSuccess(int status) {
    return switch (status) {
      case 200, 201, 204, 206, 301, 302, 303, 304, 307, 308 -> true;
      default -> false;
    };
  }
}
