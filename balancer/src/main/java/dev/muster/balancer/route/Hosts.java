package dev.muster.balancer.route;

import dev.muster.balancer.config.Groups;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The virtual servers behind one socket, by host: the exact name, the longest `*.suffix`, the
/// longest `prefix.*`, the first regular expression, the default. Immutable.
public final class Hosts {
  private final OctetMap<VirtualServer> exact;
  private final OctetMap<VirtualServer> suffixes;
  private final Map<String, VirtualServer> prefixes = new HashMap<>();
  private final List<Matching> patterns = new ArrayList<>();
  private final VirtualServer fallback;
  private final boolean takesProxyProtocol;

  private record Matching(Pattern pattern, Groups groups, VirtualServer server) {}

  /// A virtual server and a name of it.
  ///
  /// @param name that requests ask for
  /// @param server that answers them
  public record Named(ServerName name, VirtualServer server) {}

  /// Those names, of which the first of two that are the same counts.
  ///
  /// @param fallback the default server of the socket
  /// @param takesProxyProtocol whether connections start with a PROXY protocol header
  public Hosts(List<Named> names, VirtualServer fallback, boolean takesProxyProtocol) {
    this.takesProxyProtocol = takesProxyProtocol;
    Map<String, VirtualServer> whole = new HashMap<>();
    Map<String, VirtualServer> ends = new HashMap<>();
    for (Named each : names) {
      switch (each.name()) {
        case ServerName.Exact(String name) -> whole.putIfAbsent(name, each.server());
        case ServerName.Below(String suffix) -> ends.putIfAbsent(suffix, each.server());
        case ServerName.Starting(String prefix) -> prefixes.putIfAbsent(prefix, each.server());
        case ServerName.Matching(Pattern pattern, Groups groups) ->
            patterns.add(new Matching(pattern, groups, each.server()));
      }
    }
    this.exact = new OctetMap<>(whole);
    this.suffixes = new OctetMap<>(ends);
    this.fallback = fallback;
  }

  /// The server of a host in lower case without port; null if no name is its.
  public @Nullable VirtualServer named(Request request, byte[] host, int length) {
    VirtualServer found = exact.isEmpty() ? null : exact.find(host, 0, length);
    for (int at = 1; found == null && !suffixes.isEmpty() && at < length; at++) {
      if (host[at] == '.') {
        found = suffixes.find(host, at, length);
      }
    }
    if (found != null || (prefixes.isEmpty() && patterns.isEmpty())) {
      return found;
    }
    return byText(request, new String(host, 0, length, StandardCharsets.ISO_8859_1));
  }

  private @Nullable VirtualServer byText(Request request, String host) {
    for (int dot = host.lastIndexOf('.'); dot > 0; dot = host.lastIndexOf('.', dot - 1)) {
      VirtualServer found = prefixes.get(host.substring(0, dot + 1));
      if (found != null) {
        return found;
      }
    }
    for (Matching each : patterns) {
      if (request.finds(each.pattern(), each.groups().slots(), host)) {
        return each.server();
      }
    }
    return null;
  }

  /// Whether connections start with a PROXY protocol header.
  public boolean takesProxyProtocol() {
    return takesProxyProtocol;
  }

  /// The server of every other host.
  public VirtualServer fallback() {
    return fallback;
  }
}
