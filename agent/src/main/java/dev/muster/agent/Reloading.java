package dev.muster.agent;

import dev.muster.agent.balancing.ConfigurationFile;
import dev.muster.agent.config.Definitions;
import dev.muster.agent.config.InvalidConfiguration;
import dev.muster.agent.config.Reading;
import dev.muster.dns.DnsServer;
import dev.muster.registry.RegistryUnavailable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes over what may change in a configuration while the server runs. Thread-safe; one reload
/// waits for the other.
final class Reloading {
  private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

  private final Reading started;
  private final Supplier<Reading> sources;
  private final LocalDefinitions definitions;
  private final Optional<ApiFront> api;
  private final List<DnsServer> names;
  private final Optional<ConfigurationFile> file;

  /// @param started what the server was started with
  /// @param sources reads the configuration again
  /// @param file of the balancer, which is read again last
  Reloading(
      Reading started,
      Supplier<Reading> sources,
      LocalDefinitions definitions,
      Optional<ApiFront> api,
      List<DnsServer> names,
      Optional<ConfigurationFile> file) {
    this.started = started;
    this.sources = sources;
    this.definitions = definitions;
    this.api = api;
    this.names = List.copyOf(names);
    this.file = file;
  }

  /// Reads everything again. A configuration with a problem changes nothing.
  ///
  /// @return every problem, a sentence each; empty if all was taken over
  synchronized List<String> reload() {
    Reading now;
    try {
      now = sources.get();
    } catch (InvalidConfiguration e) {
      List<String> problems = e.report().lines().toList();
      problems.forEach(problem -> LOG.error("reload: {}", problem));
      LOG.error("reload: the configuration stays as it was");
      return problems;
    } catch (RuntimeException e) {
      // A mistake of ours: whoever sent a signal would see nothing of it.
      LOG.error(
          "reload: the configuration stays as it was, it could not be read: {}", e.toString());
      return List.of("the configuration could not be read: " + e);
    }
    List<String> problems = define(now.config().definitions());
    if (!problems.isEmpty()) {
      problems.forEach(problem -> LOG.error("reload: {}", problem));
      LOG.error("reload: all other settings stay as they were");
      return problems;
    }
    now.warnings().stream()
        .filter(warning -> !started.warnings().contains(warning))
        .forEach(warning -> LOG.warn("{}", warning));
    now.waiting(started).forEach(change -> LOG.warn("{}", change));
    Logging.level(now.config().log().level());
    names.forEach(dns -> dns.configure(now.config().dns()));
    api.ifPresent(front -> front.set(now.config().api()));
    LOG.info("configuration reloaded");
    return file.map(ConfigurationFile::reload).orElse(List.of());
  }

  /// First of all, because only this can fail.
  private List<String> define(Definitions changed) {
    try {
      return definitions.apply(changed);
    } catch (RegistryUnavailable e) {
      return List.of("services and checks were not all taken over: " + e.explanation());
    } catch (IOException e) {
      return List.of("services and checks were not all taken over: " + e.getMessage());
    }
  }
}
