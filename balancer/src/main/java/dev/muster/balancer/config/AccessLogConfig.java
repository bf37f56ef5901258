package dev.muster.balancer.config;

import dev.muster.balancer.variable.Template;
import java.time.Duration;
import java.util.Optional;

/// Where a line is written for every request, and what it says (nginx's `access_log`).
///
/// @param path of the file, or `/dev/stdout` or `/dev/stderr`
/// @param format what a line says
/// @param bufferBytes how much is gathered before it is written; 0 to write what there is
/// @param flush what is gathered is written after so long at the latest; zero for when there is
///     enough
/// @param condition no line is written where it is empty or `0`
public record AccessLogConfig(
    String path, Format format, int bufferBytes, Duration flush, Optional<Template> condition) {

  /// What a line says.
  public sealed interface Format {
    /// What nginx calls `combined`: the Common Log Format, referer and user agent.
    record Combined() implements Format {}

    /// One JSON object with what there is to say.
    record Json() implements Format {}

    /// What a configuration says (nginx's `log_format`).
    ///
    /// @param text the line without its end
    /// @param escape what is done with the values of variables
    record Custom(Template text, Escape escape) implements Format {}
  }

  /// What is done with characters in the values of variables.
  public enum Escape {
    /// Quotes, backslashes and all but printable ASCII become `\xXX`; no value is a dash.
    DEFAULT,
    /// What must not stand in a string of JSON is escaped; no value is nothing.
    JSON,
    /// Nothing.
    NONE
  }

  /// One that is written at once, for every request.
  public static AccessLogConfig of(String path, Format format) {
    return new AccessLogConfig(path, format, 0, Duration.ZERO, Optional.empty());
  }
}
