package dev.muster.nginx.compile;

import dev.muster.balancer.config.ListenConfig;
import dev.muster.nginx.language.Address;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `listen` of all servers: what each says, and what they say about the same socket.
final class Listens {
  private static final int BACKLOG = 511;
  private static final int RANGE_MAX = 1024;

  private final Findings findings;

  /// Sockets with a default server, and those with options.
  private final Set<ListenConfig.Socket> defaults = new HashSet<>();

  private final Set<ListenConfig.Socket> withOptions = new HashSet<>();
  private final Map<ListenConfig.Socket, ListenConfig> all = new HashMap<>();

  /// What the words behind the address say.
  private static final class Options {
    private boolean isDefault;
    private boolean takesProxyProtocol;
    private int backlog = BACKLOG;
    private boolean isSet;
  }

  Listens(Findings findings) {
    this.findings = findings;
  }

  /// Where a server listens; port 80 of every address if it does not say.
  List<ListenConfig> of(Level server) {
    List<ListenConfig> listens = new ArrayList<>();
    Set<ListenConfig.Socket> own = new HashSet<>();
    for (Directive directive : server.here("listen")) {
      add(directive, own, listens);
    }
    if (listens.isEmpty() && server.here("listen").isEmpty()) {
      listens.add(ListenConfig.of("0.0.0.0", 80));
    }
    return List.copyOf(listens);
  }

  private void add(Directive directive, Set<ListenConfig.Socket> own, List<ListenConfig> listens) {
    String written = directive.word(0);
    switch (Address.ofListener(written)) {
      case Address.Reading.Bad(String reason) -> bad(directive, reason, written);
      case Address.Reading.Unix _ ->
          findings.error(
              directive,
              "listen \"" + written + "\" is not supported",
              "use an address and a port");
      case Address.Reading.Good(Address address) -> {
        Options options = options(directive);
        String ip = ip(directive, address.host());
        if (ip.isEmpty()) {
          return;
        }
        int port = address.port() == 0 ? 80 : address.port();
        int last = address.port() == 0 ? 80 : Math.min(address.lastPort(), port + RANGE_MAX);
        for (; port <= last; port++) {
          var listen =
              new ListenConfig(
                  ip, port, options.isDefault, options.takesProxyProtocol, options.backlog);
          if (isFine(directive, listen, options, own)) {
            listens.add(listen);
          }
        }
      }
    }
  }

  private void bad(Directive directive, String reason, String written) {
    findings.error(directive, reason + " in \"" + written + "\" of the \"listen\" directive");
  }

  /// Empty if the name is none that is known without asking anyone.
  private String ip(Directive directive, String host) {
    if (host.equals("*")) {
      return "0.0.0.0";
    }
    if (host.equalsIgnoreCase("localhost")) {
      return "127.0.0.1";
    }
    if (host.indexOf(':') >= 0 || Networks.isV4(host)) {
      return host;
    }
    bad(directive, "host not found", directive.word(0));
    return "";
  }

  private boolean isFine(
      Directive directive, ListenConfig listen, Options options, Set<ListenConfig.Socket> own) {
    ListenConfig.Socket socket = listen.socket();
    if (!own.add(socket)) {
      findings.error(directive, "a duplicate listen " + socket);
      return false;
    }
    if (listen.isDefault() && !defaults.add(socket)) {
      findings.error(directive, "a duplicate default server for " + socket);
      return false;
    }
    if (options.isSet && !withOptions.add(socket)) {
      findings.error(directive, "duplicate listen options for " + socket);
      return false;
    }
    ListenConfig other = all.putIfAbsent(socket, listen);
    if (other != null && other.takesProxyProtocol() != listen.takesProxyProtocol()) {
      findings.warn(directive, "protocol options redefined for " + socket);
    }
    return true;
  }

  private Options options(Directive directive) {
    Options options = new Options();
    for (String word : directive.texts().subList(1, directive.size())) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? "" : word.substring(equals + 1);
      switch (name) {
        case "default_server", "default" -> options.isDefault = true;
        case "proxy_protocol" -> options.takesProxyProtocol = true;
        case "bind", "reuseport", "deferred", "multipath" -> options.isSet = true;
        case "backlog" -> {
          options.isSet = true;
          options.backlog = Quantity.number(value).orElse(0);
          if (options.backlog == 0) {
            findings.error(directive, "invalid backlog \"" + word + "\"");
          }
        }
        case "rcvbuf", "sndbuf" -> {
          options.isSet = true;
          if (Quantity.bytes(value).isEmpty()) {
            findings.error(directive, "invalid " + name + " \"" + word + "\"");
          }
        }
        case "ipv6only", "so_keepalive", "fastopen", "setfib", "accept_filter" ->
            options.isSet = true;
        case "ssl", "quic" ->
            findings.error(
                directive,
                "the \"" + name + "\" parameter is not supported",
                "TLS is not served yet: end it in front of this or use http");
        case "http2", "spdy" ->
            findings.warn(directive, "the \"" + name + "\" parameter has no effect here");
        default -> findings.badParameter(directive, word);
      }
    }
    return options;
  }
}
