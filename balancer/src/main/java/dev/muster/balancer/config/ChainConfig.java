package dev.muster.balancer.config;

import dev.muster.balancer.config.ProxyConfig.Retry;
import dev.muster.balancer.config.ProxyConfig.Timeouts;
import java.util.List;

/// Which way requests to a service take: the first route that matches counts, of its splits one is
/// drawn, and of that one's upstreams the first that has somebody answers. What the registry's
/// entries `service-router`, `service-splitter` and `service-resolver` come to.
///
/// @param service whose requests these are
/// @param routes in the order in which they are asked; the last one usually matches all
public record ChainConfig(String service, List<Route> routes) {
  /// Copies what it is given.
  public ChainConfig {
    routes = List.copyOf(routes);
  }

  /// A rule.
  ///
  /// @param match which requests are meant
  /// @param splits who gets them
  /// @param binding what makes a client stay with a split
  public record Route(Match match, List<Split> splits, Binding binding) {
    /// Copies what it is given.
    public Route {
      splits = List.copyOf(splits);
    }
  }

  /// What makes a client stay with the split it had first.
  public enum Binding {
    /// A cookie that it gets with its first answer.
    COOKIE,
    /// Its IP address.
    ADDRESS,
    /// Nothing: each request is drawn for itself.
    NONE
  }

  /// What a request must be like; all of it.
  ///
  /// @param path of the request
  /// @param headers of the request
  /// @param parameters of its query
  /// @param methods in upper case; none for all
  public record Match(
      Path path, List<HeaderMatch> headers, List<ParameterMatch> parameters, List<String> methods) {
    /// Copies what it is given.
    public Match {
      headers = List.copyOf(headers);
      parameters = List.copyOf(parameters);
      methods = List.copyOf(methods);
    }

    /// One that every request matches.
    public static Match all() {
      return new Match(new Path.Prefix("/", false), List.of(), List.of(), List.of());
    }
  }

  /// What a path must be like.
  public sealed interface Path {
    /// All of it.
    ///
    /// @param text with its slash
    /// @param ignoresCase whether upper and lower case are the same
    record Exact(String text, boolean ignoresCase) implements Path {}

    /// Its start, octet by octet.
    ///
    /// @param text with its slash
    /// @param ignoresCase whether upper and lower case are the same
    record Prefix(String text, boolean ignoresCase) implements Path {}

    /// The whole of it matches an expression.
    ///
    /// @param expression in the JDK's syntax
    /// @param ignoresCase whether upper and lower case are the same
    record Regex(String expression, boolean ignoresCase) implements Path {}
  }

  /// What a text must be like.
  public sealed interface Wanted {
    /// It is there.
    record Present() implements Wanted {}

    /// All of it.
    ///
    /// @param text what it is
    /// @param ignoresCase whether upper and lower case are the same
    record Exact(String text, boolean ignoresCase) implements Wanted {}

    /// Its start.
    ///
    /// @param text how it starts
    /// @param ignoresCase whether upper and lower case are the same
    record Prefix(String text, boolean ignoresCase) implements Wanted {}

    /// Its end.
    ///
    /// @param text how it ends
    /// @param ignoresCase whether upper and lower case are the same
    record Suffix(String text, boolean ignoresCase) implements Wanted {}

    /// A part of it.
    ///
    /// @param text what is in it
    /// @param ignoresCase whether upper and lower case are the same
    record Contains(String text, boolean ignoresCase) implements Wanted {}

    /// The whole of it matches an expression.
    ///
    /// @param expression in the JDK's syntax
    record Regex(String expression) implements Wanted {}
  }

  /// What a header must be like.
  ///
  /// @param name in lower case
  /// @param wanted its value
  /// @param isNegated whether it must not be like that
  public record HeaderMatch(String name, Wanted wanted, boolean isNegated) {}

  /// What a parameter of the query must be like.
  ///
  /// @param name as it is sent
  /// @param wanted its value, as it is sent
  public record ParameterMatch(String name, Wanted wanted) {}

  /// A share of the requests.
  ///
  /// @param weight in hundredths of a per cent
  /// @param to who gets them
  public record Split(int weight, Destination to) {}

  /// Who gets requests, and how.
  ///
  /// @param upstreams by their names in [Configuration#upstreams], the first that has somebody
  ///     counts; none if there is nobody who could be asked
  /// @param rewrite what takes the place of the part of the path that matched; empty for nothing
  /// @param request what is done to the request's headers
  /// @param response what is done to the answer's headers
  /// @param cookies that clients get if they have none of that name, for hashing
  /// @param timeouts how long to wait for what
  /// @param retry when another instance is asked
  public record Destination(
      List<String> upstreams,
      String rewrite,
      HeaderRules request,
      HeaderRules response,
      List<Cookie> cookies,
      Timeouts timeouts,
      Retry retry) {
    /// Copies what it is given.
    public Destination {
      upstreams = List.copyOf(upstreams);
      cookies = List.copyOf(cookies);
    }

    /// One with defaults.
    public static Destination of(String... upstreams) {
      return new Destination(
          List.of(upstreams),
          "",
          HeaderRules.NONE,
          HeaderRules.NONE,
          List.of(),
          Timeouts.defaults(),
          Retry.defaults());
    }
  }

  /// A cookie with a value by chance.
  ///
  /// @param name of it
  /// @param attributes from the first semicolon on; may be empty
  public record Cookie(String name, String attributes) {}

  /// A header line.
  ///
  /// @param name of the field
  /// @param value without line breaks
  public record Line(String name, String value) {}

  /// What is done to headers: first lines go, then others come.
  ///
  /// @param removed names of fields that go, those that are set among them
  /// @param added lines that come
  public record HeaderRules(List<String> removed, List<Line> added) {
    /// Nothing is done.
    public static final HeaderRules NONE = new HeaderRules(List.of(), List.of());

    /// Copies what it is given.
    public HeaderRules {
      removed = List.copyOf(removed);
      added = List.copyOf(added);
    }

    /// Whether nothing is done.
    public boolean isEmpty() {
      return removed.isEmpty() && added.isEmpty();
    }
  }
}
