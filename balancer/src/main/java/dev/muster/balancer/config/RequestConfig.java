package dev.muster.balancer.config;

import dev.muster.balancer.variable.ForwardedFor;
import java.util.Optional;

/// How a virtual server reads requests and where it redirects them to.
///
/// @param mergesSlashes whether neighbouring slashes of a path are one (`merge_slashes`)
/// @param redirects what its redirects look like
/// @param realIp whose word about the client's address is believed, if anyone's
public record RequestConfig(boolean mergesSlashes, Redirects redirects, Optional<RealIp> realIp) {

  /// What redirects to another path look like.
  ///
  /// @param isAbsolute whether they name scheme and host (`absolute_redirect`)
  /// @param isByName whether they name the server instead of the host that was asked for
  ///     (`server_name_in_redirect`)
  /// @param hasPort whether they name the port (`port_in_redirect`)
  public record Redirects(boolean isAbsolute, boolean isByName, boolean hasPort) {}

  /// Whose word about the client's address is believed (nginx's realip module).
  ///
  /// @param source where the address is (`real_ip_header`)
  /// @param trusted who may say so (`set_real_ip_from`, `real_ip_recursive`)
  public record RealIp(Source source, ForwardedFor trusted) {}

  /// Where the client's address is.
  public sealed interface Source {
    /// A header field: the last of its addresses, or the last that is not trusted itself.
    ///
    /// @param name of the field
    record Header(String name) implements Source {}

    /// What the PROXY protocol said.
    record ProxyProtocol() implements Source {}
  }

  /// nginx's.
  public static RequestConfig defaults() {
    return new RequestConfig(true, new Redirects(true, false, true), Optional.empty());
  }

  /// The same with another rule for slashes.
  public RequestConfig withMergedSlashes(boolean merges) {
    return new RequestConfig(merges, redirects, realIp);
  }

  /// The same with other redirects.
  public RequestConfig with(Redirects others) {
    return new RequestConfig(mergesSlashes, others, realIp);
  }

  /// The same believing someone.
  public RequestConfig with(RealIp other) {
    return new RequestConfig(mergesSlashes, redirects, Optional.of(other));
  }
}
