package dev.muster.balancer.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What is done with the requests of one location; everything that it inherits is in it.
///
/// @param match which requests these are
/// @param isInternal whether only redirects within the balancer lead here
/// @param instructions the rewrite phase, in order
/// @param content what answers in the end
/// @param response what is done with answers
/// @param nested locations within this one
public record LocationConfig(
    Match match,
    boolean isInternal,
    List<Instruction> instructions,
    Content content,
    ResponseConfig response,
    List<LocationConfig> nested) {

  /// Which requests a location is for.
  public sealed interface Match {
    /// `location = /path`.
    ///
    /// @param path the whole of it
    record Exact(String path) implements Match {}

    /// `location /path` and `location ^~ /path`: the longest that matches counts.
    ///
    /// @param path the start of it
    /// @param beatsPatterns whether regular expressions are not asked then
    record Prefix(String path, boolean beatsPatterns) implements Match {}

    /// `location ~ regex`: the first that matches counts.
    ///
    /// @param pattern searched in the path
    /// @param groups its named groups
    record Regex(Pattern pattern, Groups groups) implements Match {}

    /// `location @name`: for redirects within the balancer.
    ///
    /// @param name with its at sign
    record Named(String name) implements Match {}
  }

  /// Copies what it is given.
  public LocationConfig {
    instructions = List.copyOf(instructions);
    nested = List.copyOf(nested);
  }

  /// One that does nothing but answer 404.
  public static LocationConfig of(Match match) {
    return new LocationConfig(
        match, false, List.of(), new Content.Nothing(), ResponseConfig.defaults(), List.of());
  }

  /// The same with other content.
  public LocationConfig with(Content other) {
    return new LocationConfig(match, isInternal, instructions, other, response, nested);
  }

  /// The same with other instructions.
  public LocationConfig with(List<Instruction> others) {
    return new LocationConfig(match, isInternal, others, content, response, nested);
  }

  /// The same with another treatment of answers.
  public LocationConfig with(ResponseConfig other) {
    return new LocationConfig(match, isInternal, instructions, content, other, nested);
  }

  /// How requests are passed on, if they are.
  public Optional<ProxyConfig> proxy() {
    return content instanceof Content.Proxy(ProxyConfig proxy)
        ? Optional.of(proxy)
        : Optional.empty();
  }
}
