package dev.muster.health;

import static dev.muster.registry.catalog.Check.Status.CRITICAL;
import static dev.muster.registry.catalog.Check.Status.PASSING;
import static dev.muster.registry.catalog.Check.Status.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.health.probe.Target;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.RegistryUnavailable;
import dev.muster.registry.Reply;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.tree.WatchSet;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Checks that really run, in short intervals, against a registry on an engine in memory.
@Timeout(30)
class HealthChecksTest {
  private static final Duration NEVER = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final CheckRef REF = new CheckRef("n", "c");

  private final InMemoryEngine.Disk disk = new InMemoryEngine.Disk();
  private final InMemoryEngine engine = new InMemoryEngine(disk, Integer.MAX_VALUE);
  private Registry registry;
  private HealthChecks health;
  private Target target;

  @BeforeEach
  void start() throws IOException {
    registry = Registry.start(engine, ConsensusConfig.defaults());
    health = HealthChecks.start(registry, System::nanoTime, new Random(1));
    target = new Target();
    var node = new Node("n", "", "127.0.0.1", Map.of(), Map.of(), 0, 0);
    var definition =
        new Service.Definition(
            "web", "", List.of(), "", 0, Map.of(), Map.of(), Service.Weights.EQUAL, false);
    var service = new Service("n", "s", definition, 0, 0);
    registry.submit(new Command.Register("n", node, service, List.of(), false));
  }

  @AfterEach
  void close() {
    health.close();
    registry.close();
    target.close();
  }

  private void register(String id, String serviceId, Probe probe, Check.Status status) {
    var check = new Check("n", id, serviceId, id, "", status, "", probe, 0, 0);
    Reply reply = registry.submit(new Command.Register("n", null, null, List.of(check), false));
    assertThat(reply).isInstanceOf(Reply.Done.class);
  }

  private void register(Probe probe, Check.Status status) {
    register("c", "s", probe, status);
  }

  private static Probe.Ttl ttl(int millis, Duration deregisterAfter) {
    return new Probe.Ttl(Duration.ofMillis(millis), deregisterAfter);
  }

  private static Probe http(Target target, int successes, int failures) {
    var rhythm =
        new Probe.Rhythm(Duration.ofMillis(20), Duration.ofSeconds(5), NEVER, successes, failures);
    return new Probe.Http(target.url(), "GET", Map.of(), "", false, rhythm);
  }

  private Check check() {
    return registry.localView().catalog().check(REF).orElseThrow();
  }

  /// Waits on the registry's own watches until its state is as wanted.
  private View await(Predicate<View> wanted) throws InterruptedException {
    while (true) {
      WatchSet watches = new WatchSet();
      View view = registry.localView();
      view.catalog().checksIn(null, watches);
      view.catalog().servicesOn("n", watches);
      if (wanted.test(view)) {
        return view;
      }
      assertThat(watches.await(TimeUnit.SECONDS.toNanos(15))).as("nothing changes").isTrue();
    }
  }

  private void awaitStatus(Check.Status status) throws InterruptedException {
    await(view -> view.catalog().check(REF).filter(it -> it.status() == status).isPresent());
  }

  /// Whether no check changes for so long.
  private boolean isQuietFor(int millis) throws InterruptedException {
    WatchSet watches = new WatchSet();
    registry.localView().catalog().checksIn(null, watches);
    return !watches.await(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void withoutABeatATtlExpires() throws InterruptedException {
    register(ttl(50, NEVER), PASSING);
    awaitStatus(CRITICAL);
    assertThat(check().output()).isEqualTo("TTL expired");
    assertThat(registry.localView().catalog().service("n", "s")).isPresent();
  }

  @Test
  void beatsKeepACheckPassingAndWriteNothingWhileNothingChanges() throws InterruptedException {
    register(ttl(1_000, NEVER), CRITICAL);
    health.beat(REF, PASSING, "");
    assertThat(check().status()).isEqualTo(PASSING);
    int written = disk.size();
    for (int beats = 0; beats < 30; beats++) {
      assertThat(isQuietFor(50)).isTrue();
      health.beat(REF, PASSING, "");
    }
    assertThat(disk.size()).as("entries of the log").isEqualTo(written);
    awaitStatus(CRITICAL);
  }

  @Test
  void aBeatMaySayThatThingsAreBad() {
    register(ttl(60_000, NEVER), PASSING);
    health.beat(REF, WARNING, "slow");
    assertThat(check().status()).isEqualTo(WARNING);
    assertThat(check().output()).isEqualTo("slow");
    health.beat(REF, WARNING, "slower");
    assertThat(check().output()).isEqualTo("slower");
  }

  @Test
  void aProbeFollowsItsTarget() throws InterruptedException {
    register(http(target, 0, 0), CRITICAL);
    awaitStatus(PASSING);
    assertThat(check().output()).isEqualTo("HTTP GET " + target.url() + ": 200 OK Output: fine");
    target.status = 429;
    awaitStatus(WARNING);
    target.status = 500;
    awaitStatus(CRITICAL);
    target.status = 200;
    awaitStatus(PASSING);
    target.close();
    awaitStatus(CRITICAL);
  }

  @Test
  void anOutputThatVariesIsNotWrittenEachTime() throws InterruptedException {
    register(http(target, 0, 0), CRITICAL);
    awaitStatus(PASSING);
    int written = disk.size();
    for (int i = 0; i < 5; i++) {
      target.body = "number " + i;
      target.arrivals.drainPermits();
      assertThat(target.arrivals.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(disk.size()).isEqualTo(written);
  }

  @Test
  void theFirstResultCountsAtOnceWhateverTheThresholds() throws InterruptedException {
    var rhythm = new Probe.Rhythm(Duration.ofHours(1), Duration.ofSeconds(5), NEVER, 3, 3);
    register(new Probe.Tcp(target.address(), rhythm), CRITICAL);
    awaitStatus(PASSING);
  }

  @Test
  void thresholdsHoldTheStateUntilEnoughResultsInARow() throws InterruptedException {
    register(http(target, 3, 4), CRITICAL);
    awaitStatus(PASSING);
    target.status = 500;
    int before = target.hits.get();
    awaitStatus(CRITICAL);
    assertThat(target.hits.get() - before).isGreaterThanOrEqualTo(4);
    target.status = 200;
    before = target.hits.get();
    awaitStatus(PASSING);
    assertThat(target.hits.get() - before).isGreaterThanOrEqualTo(3);
  }

  @Test
  void aTcpProbeFollowsItsTarget() throws InterruptedException {
    var rhythm = new Probe.Rhythm(Duration.ofMillis(20), Duration.ofSeconds(5), NEVER, 0, 0);
    register(new Probe.Tcp(target.address(), rhythm), CRITICAL);
    awaitStatus(PASSING);
    target.close();
    awaitStatus(CRITICAL);
  }

  @Test
  void anExpiredTtlRepeatsWhatWasSaidLast() throws InterruptedException {
    register(ttl(100, NEVER), CRITICAL);
    health.beat(REF, WARNING, "full");
    String said = "TTL expired (last output before timeout follows): full";
    await(view -> view.catalog().check(REF).orElseThrow().output().equals(said));
    assertThat(check().status()).isEqualTo(CRITICAL);
  }

  /// Nothing is written for it, and the time starts again.
  @Test
  void registeringAgainAsBeforeRenewsATtl() throws InterruptedException {
    Probe ttl = ttl(1_000, NEVER);
    register(ttl, PASSING);
    long index = check().modifyIndex();
    for (int i = 0; i < 30; i++) {
      assertThat(isQuietFor(50)).isTrue();
      register(ttl, CRITICAL);
    }
    assertThat(check().status()).isEqualTo(PASSING);
    assertThat(check().modifyIndex()).isEqualTo(index);
    awaitStatus(CRITICAL);
  }

  /// Else its sender believes that its time starts again, and the leader lets it expire.
  @Test
  void aServerThatDoesNotLeadTakesNoBeat() {
    register(ttl(60_000, NEVER), PASSING);
    engine.demote();
    assertThatThrownBy(() -> health.beat(REF, PASSING, ""))
        .isInstanceOfSatisfying(
            RegistryUnavailable.class,
            e -> assertThat(e.reason()).isEqualTo(RegistryUnavailable.Reason.NO_LEADER));
  }

  @Test
  void anInstanceThatStaysCriticalIsDeregistered() throws InterruptedException {
    register(ttl(30, Duration.ofMillis(60)), PASSING);
    View view = await(it -> it.catalog().service("n", "s").isEmpty());
    assertThat(view.catalog().check(REF)).isEmpty();
    assertThat(view.catalog().node("n")).isPresent();
  }

  @Test
  void anInstanceThatRecoversInTimeStays() throws InterruptedException {
    register(ttl(60_000, Duration.ofSeconds(1)), CRITICAL);
    assertThat(isQuietFor(100)).isTrue();
    health.beat(REF, PASSING, "");
    assertThat(isQuietFor(1_300)).isTrue();
    health.beat(REF, CRITICAL, "");
    await(it -> it.catalog().service("n", "s").isEmpty());
  }

  /// Only a service is ever removed: a node's check has none.
  @Test
  void aNodesCheckRemovesNothing() throws InterruptedException {
    register("c", "", ttl(60_000, Duration.ofMillis(20)), CRITICAL);
    assertThat(isQuietFor(200)).isTrue();
    assertThat(registry.localView().catalog().node("n")).isPresent();
  }

  @Test
  void anotherProbeTakesThePlaceOfTheFirst() throws Exception {
    try (var other = new Target()) {
      register(http(target, 0, 0), CRITICAL);
      awaitStatus(PASSING);
      other.status = 429;
      register(http(other, 0, 0), CRITICAL);
      awaitStatus(WARNING);
      assertNoMoreHits(other);
    }
  }

  @Test
  void deregistrationStopsTheProbe() throws Exception {
    try (var other = new Target()) {
      register(http(target, 0, 0), CRITICAL);
      register("other", "", http(other, 0, 0), CRITICAL);
      awaitStatus(PASSING);
      registry.submit(new Command.Deregister("n", "s", "", ""));
      assertNoMoreHits(other);
      assertThat(registry.localView().catalog().check(REF)).isEmpty();
    }
  }

  /// Takes the other target's hits as a clock. The first few may pass one that was under way.
  private void assertNoMoreHits(Target clock) throws InterruptedException {
    clock.arrivals.drainPermits();
    assertThat(clock.arrivals.tryAcquire(3, 10, TimeUnit.SECONDS)).isTrue();
    int hits = target.hits.get();
    assertThat(clock.arrivals.tryAcquire(5, 10, TimeUnit.SECONDS)).isTrue();
    assertThat(target.hits.get()).isEqualTo(hits);
  }

  @Test
  void checksOfOthersAreLeftAlone() throws InterruptedException {
    register(new Probe.External(http(target, 0, 0)), CRITICAL);
    register("d", "", new Probe.None(), CRITICAL);
    assertThat(isQuietFor(200)).isTrue();
    assertThat(target.hits).hasValue(0);
  }

  @Test
  void aServerThatDoesNotLeadRunsNothing() throws InterruptedException {
    register(http(target, 0, 0), CRITICAL);
    awaitStatus(PASSING);
    engine.demote();
    // It is noticed within a poll. Until then the target hears more; if for ever, time runs out.
    do {
      target.arrivals.drainPermits();
    } while (target.arrivals.tryAcquire(500, TimeUnit.MILLISECONDS));
  }

  private Check deaf(int number, ServerSocket deaf) {
    var rhythm = new Probe.Rhythm(Duration.ofSeconds(1), Duration.ofHours(24), NEVER, 0, 0);
    String url = "http://127.0.0.1:" + deaf.getLocalPort();
    var probe = new Probe.Http(url, "GET", Map.of(), "", false, rhythm);
    return new Check("n", "deaf" + number, "s", "", "", CRITICAL, "", probe, 0, 0);
  }

  @Test
  void aServiceThatNeverAnswersDoesNotStopTheChecksOfOthers() throws Exception {
    try (var deaf = new ServerSocket(0, 2_000, InetAddress.getLoopbackAddress())) {
      List<Check> many = IntStream.range(0, 1_100).mapToObj(i -> deaf(i, deaf)).toList();
      registry.submit(new Command.Register("n", null, null, many, false));
      register("c", "", http(target, 0, 0), CRITICAL);
      awaitStatus(PASSING);
    }
  }

  @Test
  void deregistrationEndsALookThatIsUnderWay() throws Exception {
    try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Check check = deaf(0, deaf);
      registry.submit(new Command.Register("n", null, null, List.of(check), false));
      try (Socket looking = deaf.accept()) {
        looking.setSoTimeout(10_000);
        assertThat(looking.getInputStream().read()).isPositive();
        registry.submit(new Command.Deregister("n", "s", "", ""));
        looking.getInputStream().transferTo(OutputStream.nullOutputStream()); // to its end
      }
    }
  }

  /// A slip just after a change of leader is not more than any other.
  @Test
  void aServerThatTakesOverKeepsToTheThresholds() throws Exception {
    register(http(target, 0, 1_000), CRITICAL);
    awaitStatus(PASSING);
    health.close();
    target.status = 500;
    health = HealthChecks.start(registry, System::nanoTime, new Random(3));
    target.arrivals.drainPermits();
    assertThat(target.arrivals.tryAcquire(5, 10, TimeUnit.SECONDS)).isTrue();
    assertThat(check().status()).isEqualTo(PASSING);
  }

  @Test
  void aServerThatTakesOverStartsEveryCheckAfresh() throws Exception {
    register(ttl(60_000, LONG), PASSING);
    register("http", "", http(target, 0, 0), CRITICAL);
    health.close();
    registry.close();
    registry =
        Registry.start(new InMemoryEngine(disk, Integer.MAX_VALUE), ConsensusConfig.defaults());
    health = HealthChecks.start(registry, System::nanoTime, new Random(2));
    target.arrivals.drainPermits();
    assertThat(target.arrivals.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
    assertThat(check().status()).isEqualTo(PASSING);
  }
}
