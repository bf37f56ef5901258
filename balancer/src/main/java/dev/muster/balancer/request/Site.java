package dev.muster.balancer.request;

/// The virtual server that a request came to, as far as paths, redirects and variables ask for it.
///
/// @param name its first name, empty without one
/// @param mergesSlashes whether neighbouring slashes of a path are one (`merge_slashes`)
/// @param redirectsAbsolutely whether redirects name scheme and host (`absolute_redirect`)
/// @param redirectsByName whether they name the server instead of the host asked for
///     (`server_name_in_redirect`)
/// @param redirectsWithPort whether they name the port (`port_in_redirect`)
public record Site(
    String name,
    boolean mergesSlashes,
    boolean redirectsAbsolutely,
    boolean redirectsByName,
    boolean redirectsWithPort) {
  /// Without a name, and with nginx's defaults.
  public static final Site PLAIN = named("");

  /// With nginx's defaults.
  public static Site named(String name) {
    return new Site(name, true, true, false, true);
  }
}
