package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.UpstreamConfig.Sticky;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.variable.UnknownVariable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Instances that are replaced one after another under load.
class RollingRestartTest {
  private final List<RawUpstream> started = new ArrayList<>();
  private final Balancer balancer =
      Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(2));

  @AfterEach
  void close() throws IOException {
    balancer.close();
    for (RawUpstream each : started) {
      each.close();
    }
  }

  private RawUpstream instance(String name) throws IOException {
    RawUpstream instance = RawUpstream.answering(name);
    started.add(instance);
    return instance;
  }

  /// Three instances are drained, stopped and started one after another while clients go on.
  @Test
  void aRollingRestartFailsNobody() throws Exception {
    List<RawUpstream> running =
        new ArrayList<>(List.of(instance("a"), instance("b"), instance("c")));
    serveAll(running, -1);
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicInteger failures = new AtomicInteger();
    Semaphore answered = new Semaphore(0);
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    if (!loop(isOver, answered)) {
                      failures.incrementAndGet();
                      answered.release(1_000_000);
                    }
                  }));
    }
    for (int i = 0; i < 3; i++) {
      answered.acquire(400);
      serveAll(running, i);
      answered.acquire(400);
      RawUpstream old = running.remove(i);
      serveAll(running, -1);
      answered.acquire(400);
      old.close();
      answered.acquire(400);
      running.add(i, instance("new" + i));
      serveAll(running, -1);
    }
    answered.acquire(400);
    isOver.set(true);
    for (Thread client : clients) {
      client.join();
    }
    assertThat(failures).hasValue(0);
    assertThat(running).allSatisfy(each -> assertThat(each.heads).isNotEmpty());
  }

  private void serveAll(List<RawUpstream> running, int draining) throws UnknownVariable {
    UpstreamServer[] servers = new UpstreamServer[running.size()];
    for (int i = 0; i < servers.length; i++) {
      servers[i] = StickyServers.at(running.get(i), 0, i == draining, "");
    }
    balancer.apply(StickyServers.configuration(balancer.port(), Sticky.Cookie.DEFAULT, servers));
  }

  /// A browser that now and then comes as a new one. Returns whether all went well.
  private boolean loop(AtomicBoolean isOver, Semaphore answered) {
    String cookie = "";
    try (RawClient client = new RawClient(balancer.port())) {
      for (int i = 0; !isOver.get(); i++) {
        String line = cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n";
        Response response = client.send("GET / HTTP/1.1\r\nHost: test\r\n" + line + "\r\n").read();
        if (response.status() != 200) {
          return false;
        }
        String set = response.header("Set-Cookie");
        if (i % 50 == 49) {
          cookie = "";
        } else if (!set.isEmpty()) {
          cookie = set.substring(0, set.indexOf(';'));
        }
        answered.release();
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
