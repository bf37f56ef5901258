package dev.muster.balancer.config;

import java.util.regex.Pattern;

/// A name that a virtual server answers to (nginx's `server_name`). Names are in lower case.
public sealed interface ServerName {
  /// As nginx writes it.
  default String text() {
    return switch (this) {
      case Exact(String name) -> name;
      case Below(String suffix) -> "*" + suffix;
      case Starting(String prefix) -> prefix + "*";
      case Matching(Pattern pattern, _) -> "~" + pattern;
    };
  }

  /// A whole name; empty for requests without a host.
  ///
  /// @param name without port
  record Exact(String name) implements ServerName {}

  /// `*.example.org`.
  ///
  /// @param suffix what follows the star, with its dot
  record Below(String suffix) implements ServerName {}

  /// `www.example.*`.
  ///
  /// @param prefix what stands before the star, with its dot
  record Starting(String prefix) implements ServerName {}

  /// `~^www\d+\.example\.org$`.
  ///
  /// @param pattern its named groups become variables
  /// @param groups where a request keeps the named groups
  record Matching(Pattern pattern, Groups groups) implements ServerName {}
}
