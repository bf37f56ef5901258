package dev.muster.agent;

import dev.muster.agent.balancing.ConfigurationFile;
import dev.muster.agent.balancing.Table;
import dev.muster.agent.balancing.TableSettings;
import dev.muster.agent.remote.RemoteFeed;
import dev.muster.balancer.Balancer;
import dev.muster.balancer.config.BalancerConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A balancer alone, in front of whatever a registry somewhere else knows.
public final class StandaloneBalancer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StandaloneBalancer.class);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private Optional<ConfigurationFile> file = Optional.empty();

  /// Where it is and whom it asks.
  ///
  /// @param address listened on
  /// @param port for the routes that services ask for; 0 for one that is free
  /// @param threads event loops
  /// @param file in nginx's language; empty for none
  /// @param hostName of this machine
  /// @param datacenter the registry's own
  /// @param registry such as `http://127.0.0.1:8500`
  /// @param token empty for none
  public record Settings(
      String address,
      int port,
      int threads,
      Optional<Path> file,
      String hostName,
      String datacenter,
      URI registry,
      String token) {}

  private StandaloneBalancer() {}

  /// Listens when the call returns; routes come as the registry answers, whenever it does.
  ///
  /// @throws StartFailed if it cannot listen, or the file cannot be used; nothing goes on then
  public static StandaloneBalancer start(Settings settings) {
    var alone = new StandaloneBalancer();
    try {
      alone.open(settings);
      return alone;
    } catch (IOException | IllegalStateException e) {
      alone.close();
      throw new StartFailed("" + e.getMessage(), e);
    }
  }

  private void open(Settings settings) throws IOException {
    Balancer balancer =
        keep(
            Balancer.start(
                BalancerConfig.defaults()
                    .withListen(settings.address(), settings.port())
                    .withThreads(settings.threads())));
    var random = new SecureRandom();
    Table table =
        keep(
            Table.start(
                balancer,
                TableSettings.of(settings.datacenter(), settings.address()),
                System::nanoTime,
                random));
    if (settings.file().isPresent()) {
      Path path = settings.file().get();
      file = Optional.of(keep(NginxConfiguration.follow(path, settings.hostName(), table)));
    }
    keep(RemoteFeed.start(settings.registry(), settings.token(), table, random));
    LOG.info("balancer on {}:{}", settings.address(), balancer.port());
  }

  private <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }

  /// Reads the file again, if there is one.
  ///
  /// @return every problem, a sentence each
  public List<String> reload() {
    return file.map(ConfigurationFile::reload).orElse(List.of());
  }

  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not stop cleanly: {}", part.getClass().getSimpleName(), e.toString());
      }
    }
  }
}
