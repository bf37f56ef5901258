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
/// @param access who may ask, and how often
/// @param client what is taken from clients
/// @param nested locations within this one
/// @param logs what is written of every request
public record LocationConfig(
    Match match,
    boolean isInternal,
    List<Instruction> instructions,
    Content content,
    ResponseConfig response,
    AccessConfig access,
    ClientConfig client,
    List<LocationConfig> nested,
    List<AccessLogConfig> logs) {

  /// Which requests a location is for.
  public sealed interface Match {
    /// What the location is called in messages.
    default String words() {
      return switch (this) {
        case Exact(String path) -> "location = " + path;
        case Prefix(String path, boolean beats) -> "location " + (beats ? "^~ " : "") + path;
        case Regex(Pattern pattern, _) -> "location ~ " + pattern;
        case Named(String name) -> "location " + name;
      };
    }

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
    logs = List.copyOf(logs);
  }

  /// One that does nothing but answer 404.
  public static LocationConfig of(Match match) {
    return new LocationConfig(
        match,
        false,
        List.of(),
        new Content.Nothing(),
        ResponseConfig.defaults(),
        AccessConfig.open(),
        ClientConfig.defaults(),
        List.of(),
        List.of());
  }

  /// The same with other content.
  public LocationConfig with(Content other) {
    return new LocationConfig(
        match, isInternal, instructions, other, response, access, client, nested, logs);
  }

  /// The same with other instructions.
  public LocationConfig with(List<Instruction> others) {
    return new LocationConfig(
        match, isInternal, others, content, response, access, client, nested, logs);
  }

  /// The same with another treatment of answers.
  public LocationConfig with(ResponseConfig other) {
    return new LocationConfig(
        match, isInternal, instructions, content, other, access, client, nested, logs);
  }

  /// The same for others, or for the same less often.
  public LocationConfig with(AccessConfig other) {
    return new LocationConfig(
        match, isInternal, instructions, content, response, other, client, nested, logs);
  }

  /// The same taking more or less from clients.
  public LocationConfig with(ClientConfig other) {
    return new LocationConfig(
        match, isInternal, instructions, content, response, access, other, nested, logs);
  }

  /// The same for redirects within the balancer only.
  public LocationConfig internal() {
    return new LocationConfig(
        match, true, instructions, content, response, access, client, nested, logs);
  }

  /// The same with other locations within it.
  public LocationConfig withNested(List<LocationConfig> others) {
    return new LocationConfig(
        match, isInternal, instructions, content, response, access, client, others, logs);
  }

  /// The same with other access logs.
  public LocationConfig withLogs(List<AccessLogConfig> others) {
    return new LocationConfig(
        match, isInternal, instructions, content, response, access, client, nested, others);
  }

  /// How requests are passed on, if they are.
  public Optional<ProxyConfig> proxy() {
    Content last = content;
    while (last instanceof Content.Tried tried) {
      last = tried.then();
    }
    return last instanceof Content.Proxy(ProxyConfig proxy) ? Optional.of(proxy) : Optional.empty();
  }
}
