package dev.muster.balancer.config;

import dev.muster.balancer.variable.Template;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is done with answers, whoever they come from.
///
/// @param added header lines that are added (`add_header`)
/// @param trailers lines that are added behind the body (`add_trailer`)
/// @param expires how long answers may be kept by caches (`expires`)
/// @param errors what takes the place of errors (`error_page`)
/// @param proxied what is done with the header lines of instances
/// @param gzip what is compressed, if anything is (`gzip`)
/// @param rate how fast bodies are sent (`limit_rate`)
/// @param server the Server field, empty for none (`server_tokens`)
public record ResponseConfig(
    List<AddedHeader> added,
    List<AddedHeader> trailers,
    Optional<Expires> expires,
    ErrorPages errors,
    ProxiedConfig proxied,
    Optional<GzipConfig> gzip,
    Rate rate,
    String server) {
  /// What the balancer calls itself.
  public static final String SERVER = "muster";

  /// `add_header name value [always]`.
  ///
  /// @param name of the field
  /// @param value nothing is added where it is empty
  /// @param isAlways whether answers of any status get it, not only those of success
  public record AddedHeader(String name, Template value, boolean isAlways) {}

  /// `expires [modified] time|epoch|max|off`.
  ///
  /// @param value such as `30d`; what is none of these means off
  /// @param isModified whether the time counts from when a file was last changed
  public record Expires(Template value, boolean isModified) {}

  /// Pages in the place of errors.
  ///
  /// @param pages the first that names the status counts (`error_page`)
  /// @param isRecursive whether an error of a page gets a page too (`recursive_error_pages`)
  /// @param intercepts whether answers of instances count (`proxy_intercept_errors`)
  public record ErrorPages(List<ErrorPage> pages, boolean isRecursive, boolean intercepts) {
    /// Without any.
    public static final ErrorPages NONE = new ErrorPages(List.of(), false, false);

    /// Copies what it is given.
    public ErrorPages {
      pages = List.copyOf(pages);
    }
  }

  /// `error_page status… [=[answer]] target`.
  ///
  /// @param statuses that it is for
  /// @param answer the status that the client is told, [#KEPT] or [#OF_THE_PAGE]
  /// @param target a path, the name of a location, or else where the client is sent
  public record ErrorPage(Set<Integer> statuses, int answer, Template target) {
    /// The client is told the status of the error.
    public static final int KEPT = -1;

    /// The client is told what the page says (`=`).
    public static final int OF_THE_PAGE = 0;

    /// Copies what it is given.
    public ErrorPage {
      statuses = Set.copyOf(statuses);
    }
  }

  /// How fast bodies are sent.
  ///
  /// @param limit octets a second, such as `100k`; nothing, 0 and what is no size mean no limit
  /// @param after so many octets (`limit_rate_after`)
  public record Rate(Optional<Template> limit, long after) {
    /// As fast as the client takes them.
    public static final Rate UNLIMITED = new Rate(Optional.empty(), 0);
  }

  /// Copies what it is given.
  public ResponseConfig {
    added = List.copyOf(added);
    trailers = List.copyOf(trailers);
  }

  /// One that only adds header lines.
  public ResponseConfig(List<AddedHeader> added) {
    this(
        added,
        List.of(),
        Optional.empty(),
        ErrorPages.NONE,
        ProxiedConfig.defaults(),
        Optional.empty(),
        Rate.UNLIMITED,
        SERVER);
  }

  /// Answers pass as they are.
  public static ResponseConfig defaults() {
    return new ResponseConfig(List.of());
  }

  /// The same with trailers.
  public ResponseConfig withTrailers(List<AddedHeader> others) {
    return new ResponseConfig(added, others, expires, errors, proxied, gzip, rate, server);
  }

  /// The same with a time to live.
  public ResponseConfig with(Expires other) {
    return new ResponseConfig(
        added, trailers, Optional.of(other), errors, proxied, gzip, rate, server);
  }

  /// The same with other error pages.
  public ResponseConfig with(ErrorPages others) {
    return new ResponseConfig(added, trailers, expires, others, proxied, gzip, rate, server);
  }

  /// The same with other rules for instances' header lines.
  public ResponseConfig with(ProxiedConfig other) {
    return new ResponseConfig(added, trailers, expires, errors, other, gzip, rate, server);
  }

  /// The same, compressed.
  public ResponseConfig with(GzipConfig other) {
    return new ResponseConfig(
        added, trailers, expires, errors, proxied, Optional.of(other), rate, server);
  }

  /// The same at another rate.
  public ResponseConfig with(Rate other) {
    return new ResponseConfig(added, trailers, expires, errors, proxied, gzip, other, server);
  }

  /// The same with another Server field.
  public ResponseConfig withServer(String other) {
    return new ResponseConfig(added, trailers, expires, errors, proxied, gzip, rate, other);
  }
}
