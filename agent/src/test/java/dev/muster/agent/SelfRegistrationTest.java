package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.consul.serving.Server;
import dev.muster.health.probe.ScriptChecks;
import dev.muster.registry.Registry;
import dev.muster.registry.Reply;
import dev.muster.registry.tree.WatchSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SelfRegistrationTest {
  @TempDir private Path folder;

  private static byte[] saved(Registry registry) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(out)) {
      registry.save(registry.view(), zip);
    }
    return out.toByteArray();
  }

  @Test
  @Timeout(30)
  void aServerIsInTheCatalogAgainAfterTheStateOfAnotherWasRestored() throws Exception {
    byte[] empty;
    try (Registry other = Registry.start(new InMemoryEngine(), ConsensusConfig.defaults())) {
      empty = saved(other);
    }
    try (Registry registry = Registry.start(new InMemoryEngine(), ConsensusConfig.defaults())) {
      var server = new Server("n1", "id", "dc1", "127.0.0.1", 8300, "0", false);
      var selfRegistration = new SelfRegistration(registry, server, Map.of());
      selfRegistration.register();
      var definitions =
          new LocalDefinitions(registry, "n1", folder.resolve("defined"), ScriptChecks.NONE);
      registry.add(new AfterRestore(selfRegistration, definitions));

      assertThat(registry.restore("r", empty)).isInstanceOf(Reply.Done.class);

      var watches = new WatchSet();
      while (registry.localView().catalog().instances("consul", watches).isAbsent()) {
        assertThat(watches.await(TimeUnit.SECONDS.toNanos(20))).isTrue();
        watches = new WatchSet();
      }
      assertThat(registry.localView().catalog().node("n1")).isPresent();
    }
  }
}
