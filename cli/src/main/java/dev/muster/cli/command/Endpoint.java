package dev.muster.cli.command;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// A path of the agent's API with its query, made fit for a request line piece by piece.
public final class Endpoint {
  private final StringBuilder text;
  private boolean hasQuery;

  private Endpoint(String path) {
    text = new StringBuilder(path);
  }

  /// A fixed path.
  ///
  /// @param path without the leading `/v1/`, fit for a URL as it is
  public static Endpoint of(String path) {
    return new Endpoint("/v1/" + path);
  }

  /// A path that ends with a name.
  ///
  /// @param path without the leading `/v1/`, fit for a URL as it is
  /// @param name any text, behind the path; its slashes stay
  public static Endpoint of(String path, String name) {
    return new Endpoint("/v1/" + path + "/" + encode(name).replace("%2F", "/"));
  }

  /// Adds a parameter without a value.
  public Endpoint with(String parameter) {
    text.append(hasQuery ? '&' : '?').append(parameter);
    hasQuery = true;
    return this;
  }

  /// Adds a parameter.
  public Endpoint with(String parameter, String value) {
    with(parameter);
    text.append('=').append(encode(value));
    return this;
  }

  /// Adds a parameter if it has a value, that is if the text is not empty.
  public Endpoint withAny(String parameter, String value) {
    return value.isEmpty() ? this : with(parameter, value);
  }

  /// Adds a parameter without a value if the condition is true.
  public Endpoint withIf(boolean condition, String parameter) {
    return condition ? with(parameter) : this;
  }

  Endpoint copy() {
    var copy = new Endpoint(text.toString());
    copy.hasQuery = hasQuery;
    return copy;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
