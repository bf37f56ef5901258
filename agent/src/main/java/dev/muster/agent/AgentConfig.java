package dev.muster.agent;

import java.nio.file.Path;
import java.util.Optional;

/// Everything that can be set for a server, with its default.
///
/// @param isDevelopment state in a temporary folder, answers indented (`-dev`; false)
/// @param nodeName name of this server in the catalog (`node_name`; the host's)
/// @param datacenter name of the group's datacenter (`datacenter`; `dc1`)
/// @param dataFolder where state is kept (`data_dir`; required unless `-dev`)
/// @param clientAddress where clients are listened to (`client_addr`; `127.0.0.1`)
/// @param bindAddress where other servers are listened to, and the address of this server's node
///     (`bind_addr`; `127.0.0.1`); `0.0.0.0` means the first address of a network card
/// @param pidFile where the process id is written (`pid_file`; nowhere)
public record AgentConfig(
    boolean isDevelopment,
    String nodeName,
    String datacenter,
    Optional<Path> dataFolder,
    String clientAddress,
    String bindAddress,
    Ports ports,
    Limits limits,
    Log log,
    Optional<Path> pidFile) {

  /// Ports, of TCP unless it says otherwise; 0 takes a free one, -1 switches the listener off.
  ///
  /// @param http Consul's API (`ports.http`; 8500)
  /// @param dns names of services and nodes, UDP and TCP (`ports.dns`; 8600)
  /// @param server other servers (`ports.server`; 8300); when off, a free port of the loopback
  ///     address, because the engine needs one
  /// @param balancer requests to services (`ports.balancer`; 8080)
  public record Ports(int http, int dns, int server, int balancer) {}

  /// How much is used for clients.
  ///
  /// @param balancerThreads event loops of the balancer (`balancer.threads`; the processors)
  /// @param httpConnectionsPerClient connections to the HTTP API from one address
  ///     (`limits.http_max_conns_per_client`; 200); 0 or less is no limit
  public record Limits(int balancerThreads, int httpConnectionsPerClient) {}

  /// What is logged, to standard output.
  ///
  /// @param level `trace`, `debug`, `info`, `warn` or `err` (`log_level`; `info`)
  /// @param isJson one JSON object a line (`log_json`; false)
  public record Log(String level, boolean isJson) {}

  /// Checks all settings.
  ///
  /// @param hostName the default of the node's name
  /// @throws InvalidConfiguration with every problem there is
  public static AgentConfig of(Settings settings, String hostName) {
    return new ConfigReading(settings, hostName).config();
  }
}
