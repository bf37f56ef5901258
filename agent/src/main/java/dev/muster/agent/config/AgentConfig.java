package dev.muster.agent.config;

import dev.muster.balancer.config.Telemetry;
import dev.muster.dns.DnsConfig;
import dev.muster.health.probe.ScriptChecks;
import dev.muster.http.HttpTls;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that is obeyed, with its value. Keys and defaults are those of the table, `keys.txt`.
///
/// @param isDevelopment state in a temporary folder, answers indented
/// @param dataFolder where state is kept; empty for a temporary one
/// @param telemetry what the balancer writes down and reports of requests
/// @param pidFile where the process id is written
/// @param definitions services and checks to register
// Cap lifted: one component for each part of a server
public record AgentConfig(
    boolean isDevelopment,
    Identity identity,
    Optional<Path> dataFolder,
    Listening listening,
    Ports ports,
    Api api,
    DnsConfig dns,
    ScriptChecks scripts,
    Balancing balancing,
    Telemetry telemetry,
    Log log,
    Optional<Path> pidFile,
    Definitions definitions) {

  /// Who the server is.
  ///
  /// @param nodeId empty if it is to be drawn
  public record Identity(
      String nodeName, Optional<String> nodeId, String datacenter, Map<String, String> nodeMeta) {
    public Identity {
      nodeMeta = Map.copyOf(nodeMeta);
    }
  }

  /// Where it is reached: at least one address of each.
  ///
  /// @param client by clients of the balancer
  /// @param http by clients of the HTTP API: IP addresses, and Unix sockets as `unix:///path`
  /// @param https by clients of the HTTP API over TLS, as `http`
  /// @param dns by clients of DNS
  /// @param bind by other servers
  /// @param advertised the address of its node; empty if it is `bind`
  /// @param socketMode who may use Unix sockets; empty if the umask says
  public record Listening(
      List<String> client,
      List<String> http,
      List<String> https,
      List<String> dns,
      String bind,
      Optional<String> advertised,
      Optional<Set<PosixFilePermission>> socketMode) {
    public Listening {
      client = List.copyOf(client);
      http = List.copyOf(http);
      https = List.copyOf(https);
      dns = List.copyOf(dns);
      socketMode = socketMode.map(Set::copyOf);
    }
  }

  /// Ports, of TCP unless it says otherwise; 0 takes a free one, -1 switches the listener off.
  ///
  /// @param http Consul's API
  /// @param https the same over TLS
  /// @param dns names of services and nodes, UDP and TCP
  /// @param server other servers; when off, a free port of the loopback address, because the
  ///     engine needs one
  /// @param balancer requests to services
  public record Ports(int http, int https, int dns, int server, int balancer) {}

  /// What holds for the HTTP API as a whole.
  ///
  /// @param responseHeaders that every answer has
  /// @param writers networks from which may be written; empty for all
  /// @param blocked beginnings of paths that are not served
  /// @param valueBytesMax of a key
  /// @param transactionBytesMax of a transaction's body
  /// @param connectionsPerClient of one address; 0 or less is no limit
  /// @param sessionTtlMin the shortest TTL that a session may have
  /// @param tls of the HTTPS port; there if that is on
  public record Api(
      Map<String, String> responseHeaders,
      List<Network> writers,
      List<String> blocked,
      int valueBytesMax,
      int transactionBytesMax,
      int connectionsPerClient,
      Duration sessionTtlMin,
      Optional<HttpTls> tls) {
    public Api {
      responseHeaders = Map.copyOf(responseHeaders);
      writers = List.copyOf(writers);
      blocked = List.copyOf(blocked);
    }
  }

  /// How requests are balanced.
  ///
  /// @param threads event loops
  /// @param file in nginx's language; empty for none
  /// @param takesWarned whether instances with a warning take new traffic
  /// @param drain how long what is bound to a draining instance may stay
  /// @param kept how long instances are kept that the registry lost at once; zero for never
  /// @param lossPercentMax how many of a hundred may be missing at once before they are kept
  public record Balancing(
      int threads,
      Optional<Path> file,
      boolean takesWarned,
      Duration drain,
      Duration kept,
      int lossPercentMax) {}

  /// What is logged, to standard output.
  ///
  /// @param level `trace`, `debug`, `info`, `warn` or `err`
  /// @param isJson one JSON object a line
  public record Log(String level, boolean isJson) {}
}
