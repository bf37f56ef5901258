package dev.muster.agent;

import dev.muster.registry.Registry;
import dev.muster.registry.RegistryUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts a server and what its files define back into the registry whenever a saved state took the
/// place of all: that may know nothing of either.
///
/// On a thread of its own: whoever restores tells of it before it takes the next command.
final class AfterRestore implements Registry.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(AfterRestore.class);

  private final SelfRegistration self;
  private final LocalDefinitions definitions;

  AfterRestore(SelfRegistration self, LocalDefinitions definitions) {
    this.self = self;
    this.definitions = definitions;
  }

  @Override
  public void applied(Registry.Applied applied) {
    if (applied.isRestored()) {
      Thread.ofVirtual().name("after-restore").start(this::registerAgain);
    }
  }

  private void registerAgain() {
    try {
      self.register();
      definitions.applyAgain().forEach(problem -> LOG.warn("after a restore: {}", problem));
    } catch (RegistryUnavailable e) {
      LOG.warn("this server is not in the restored catalog: {}", e.explanation());
    }
  }
}
