package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.handover.Handover;
import dev.muster.balancer.handover.Inheritance;
import dev.muster.balancer.handover.Predecessor;
import dev.muster.balancer.request.Surroundings;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A successor goes on with the sockets of its predecessor, and nobody notices.
@Timeout(120)
class HandoverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @BeforeEach
  void onlyWithEpoll() {
    assumeThat(Epoll.isAvailable()).isTrue();
  }

  private static BalancerConfig config(String address, int port, int threads) {
    return BalancerConfig.defaults().withListen(address, port).withThreads(threads);
  }

  private static Balancer start(BalancerConfig config, Inheritance inheritance, int instance) {
    Balancer balancer = Balancer.start(config, Surroundings.unnamed(new Random(1)), inheritance);
    balancer
        .endpoints()
        .replace("app", List.of(BalancerTest.endpoint("1", instance, "urlprefix-/")));
    balancer.apply(Configuration.empty());
    return balancer;
  }

  /// Clients that never stop asking, half of them on kept connections.
  private static final class Clients implements AutoCloseable {
    private final AtomicBoolean goOn = new AtomicBoolean(true);
    private final AtomicInteger answered = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final int port;

    Clients(int port) {
      this.port = port;
      for (int i = 0; i < 8; i++) {
        boolean keeps = i % 2 == 0;
        threads.add(Thread.ofPlatform().start(() -> ask(keeps)));
      }
    }

    private void ask(boolean keeps) {
      while (goOn.get()) {
        boolean wasUsed = false;
        try (RawClient client = new RawClient(port)) {
          boolean isOpen = true;
          while (isOpen && goOn.get()) {
            RawClient.Response response = client.get("/");
            boolean isCut = response.head().isEmpty();
            if (!isCut && (response.status() != 200 || !response.body().equals("x"))) {
              failures.add("unexpected: " + response);
            }
            if (isCut && !wasUsed) {
              failures.add("a new connection was closed");
            }
            // An idle connection may be closed in the very moment: asked again on a new one.
            isOpen = !isCut && keeps && !response.header("Connection").equals("close");
            wasUsed = true;
            answered.incrementAndGet();
          }
        } catch (IOException e) {
          if (!wasUsed) {
            failures.add(e.toString());
          }
        }
      }
    }

    /// Waits for so many more answers.
    void await(int more) {
      int wanted = answered.get() + more;
      while (answered.get() < wanted && failures.isEmpty()) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() {
      goOn.set(false);
    }

    void awaitEnd() throws InterruptedException {
      goOn.set(false);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  @Test
  void noConnectionIsLostOverThreeHandovers() throws Exception {
    Path socket = folder.resolve("handover");
    try (RawUpstream upstream = RawUpstream.answering("x")) {
      Balancer serving = start(config("127.0.0.1", 0, 2), Inheritance.none(), upstream.port());
      int port = serving.port();
      try (Clients clients = new Clients(port)) {
        // More loops than sockets, fewer, as many.
        for (int threads : new int[] {3, 1, 2}) {
          clients.await(200);
          Balancer old = serving;
          var drained = new CountDownLatch(1);
          Runnable drain =
              () -> {
                old.close(PATIENCE);
                drained.countDown();
              };
          try (Handover _ = old.handOver(socket, drain)) {
            var predecessor = new Predecessor(socket, PATIENCE);
            serving =
                start(config("127.0.0.1", port, threads), predecessor.sockets(), upstream.port());
            predecessor.drain();
            assertThat(drained.await(60, TimeUnit.SECONDS)).isTrue();
          }
          assertThat(socket).doesNotExist();
        }
        clients.await(200);
        clients.awaitEnd();
        assertThat(clients.failures).isEmpty();
      } finally {
        serving.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::1", "::"})
  void everyAddressIsFoundAgain(String address) throws Exception {
    Path socket = folder.resolve("handover");
    try (RawUpstream upstream = RawUpstream.answering("x");
        Balancer old = start(config(address, 0, 1), Inheritance.none(), upstream.port());
        Handover _ = old.handOver(socket, () -> {})) {
      Inheritance inheritance = new Predecessor(socket, PATIENCE).sockets();
      // Would be refused if it were not inherited: the predecessor still listens.
      try (Balancer next = start(config(address, old.port(), 1), inheritance, upstream.port())) {
        assertThat(next.port()).isEqualTo(old.port());
      }
    }
  }

  @Test
  void othersMayNotConnect() throws Exception {
    Path socket = folder.resolve("handover");
    try (Balancer balancer = Balancer.start(config("127.0.0.1", 0, 1));
        Handover _ = balancer.handOver(socket, () -> {})) {
      assertThat(Files.getPosixFilePermissions(socket))
          .isEqualTo(java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void withoutAPredecessorItSaysSo() {
    var nobody = new Predecessor(folder.resolve("nobody"), PATIENCE);
    assertThatThrownBy(nobody::sockets)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nobody hands sockets over on " + nobody.path());
  }
}
