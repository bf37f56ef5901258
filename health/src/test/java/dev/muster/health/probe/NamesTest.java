package dev.muster.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NamesTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final CountDownLatch answered = new CountDownLatch(1);

  @AfterEach
  void close() {
    answered.countDown();
    timers.shutdownNow();
  }

  private InetAddress[] slowly(String host) throws UnknownHostException {
    try {
      answered.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    throw new UnknownHostException(host);
  }

  @Test
  void aLookupEndsWithTheTimeOfTheProbe() {
    var names = new Names(this::slowly);
    try (var soon = Deadline.in(Duration.ofMillis(50), timers)) {
      assertThatThrownBy(() -> names.addresses("tcp", "slow.test", soon))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("dial tcp: lookup slow.test: i/o timeout");
    }
  }

  @Test
  void addressesAreNotLookedUp() throws Exception {
    var names = new Names(this::slowly);
    try (var deadline = Deadline.in(LONG, timers)) {
      for (String address : new String[] {"127.0.0.1", "::1"}) {
        assertThat(names.addresses("tcp", address, deadline))
            .containsExactly(InetAddress.getByName(address));
      }
    }
  }

  @Test
  void aNameThatIsNotKnownIsSaidSo() {
    answered.countDown();
    var names = new Names(this::slowly);
    try (var deadline = Deadline.in(LONG, timers)) {
      assertThatThrownBy(() -> names.addresses("udp", "none.test", deadline))
          .isInstanceOf(UnknownHostException.class)
          .hasMessage("dial udp: lookup none.test: no such host");
    }
  }
}
