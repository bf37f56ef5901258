package dev.muster.cli.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Shell;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.GoDuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `lock` against a store: what it leaves there at each step is what other clients rely on.
@Timeout(60)
class LockCommandTest {
  private static final Times FAST =
      new Times(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofMillis(30),
          Duration.ofMillis(20),
          Duration.ofMillis(500));

  /// As `consul/api` has them.
  private static final String LOCK_FLAGS = "3304740253564472344";

  private static final String SEMAPHORE_FLAGS = "16210313421097356768";

  @TempDir Path folder;
  private Store store;
  private Shell shell;

  @BeforeEach
  void start() throws IOException {
    store = new Store();
    shell = Shell.asking(store.address());
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private int lock(String... words) {
    var line = LockCommands.of(shell.terminal(), FAST);
    line.registerConverter(Duration.class, GoDuration::parse);
    line.setPosixClusteredShortOptionsAllowed(false);
    line.setExecutionExceptionHandler(
        (e, _, _) -> {
          if (e instanceof CommandFailed failure) {
            shell.terminal().err().println(failure.report());
            return failure.exitCode();
          }
          throw e;
        });
    return line.execute(words);
  }

  private CompletableFuture<Integer> locking(String... words) {
    return CompletableFuture.supplyAsync(
        () -> lock(words), task -> Thread.ofPlatform().daemon().start(task));
  }

  private static int code(CompletableFuture<Integer> command) throws Exception {
    return command.get(30, TimeUnit.SECONDS);
  }

  /// A command that runs until this file is gone.
  private String whileThere(Path file) throws IOException {
    Files.writeString(file, "");
    return "while [ -e " + file + " ]; do sleep 0.02; done; touch " + file + ".ended";
  }

  private boolean isHeld(String key) {
    Store.Key found = store.get(key);
    return found != null && found.session() != null;
  }

  @Test
  void theLockIsHeldWhileTheCommandRunsAndGoneBehindIt() throws Exception {
    Path running = folder.resolve("running");
    CompletableFuture<Integer> command =
        locking("-name=mine", "jobs/nightly/", whileThere(running));
    store.await(() -> isHeld("jobs/nightly/.lock"));
    Store.Key key = store.get("jobs/nightly/.lock");
    assertThat(key).isNotNull();
    assertThat(Long.toUnsignedString(key.flags())).isEqualTo(LOCK_FLAGS);
    assertThat(store.sessions()).containsExactly(key.session());
    assertThat(store.created)
        .containsExactly("{\"Name\":\"mine\",\"TTL\":\"1s\",\"Behavior\":\"release\"}");
    Files.delete(running);
    assertThat(code(command)).isZero();
    assertThat(store.get("jobs/nightly/.lock")).isNull();
    assertThat(store.sessions()).isEmpty();
    assertThat(folder.resolve("running.ended")).exists();
  }

  @Test
  void theCommandKnowsThatItHoldsTheLock() {
    assertThat(lock("a", "echo", "held=$CONSUL_LOCK_HELD", "-n")).isZero();
    assertThat(shell.printed()).isEqualTo("held=true -n\n");
    shell.with("SHELL", "/bin/sh");
    assertThat(lock("-shell=false", "a", "printenv", "CONSUL_LOCK_HELD")).isZero();
    assertThat(shell.printed()).endsWith("true\n");
  }

  @Test
  void standardInputIsPassedOnlyIfAskedFor() {
    shell.typing("line\n");
    assertThat(lock("-pass-stdin", "a", "cat")).isZero();
    assertThat(shell.printed()).isEqualTo("line\n");
    assertThat(lock("a", "cat")).isZero();
    assertThat(shell.printed()).isEqualTo("line\n");
  }

  @Test
  void theExitCodeOfTheCommandIsPassedOnlyIfAskedFor() {
    assertThat(lock("a", "exit 7")).isZero();
    assertThat(lock("-child-exit-code", "a", "exit 7")).isEqualTo(2);
    assertThat(lock("-child-exit-code", "a", "true")).isZero();
    assertThat(shell.complained()).contains("exit status 7");
    assertThat(lock("-shell=false", "a", "/nowhere/at-all")).isEqualTo(1);
    assertThat(shell.complained()).contains("/nowhere/at-all");
    assertThat(store.get("a/.lock")).isNull();
    assertThat(store.sessions()).isEmpty();
  }

  @Test
  void oneWaitsUntilAnotherClientGivesTheLockBack() throws Exception {
    String other = store.foreignSession();
    store.put("a/.lock", "", Mutex.FLAGS, other);
    CompletableFuture<Integer> command = locking("a", "echo in");
    store.await(() -> store.asked.stream().anyMatch(line -> line.contains("index=")));
    assertThat(shell.printed()).isEmpty();
    store.end(other);
    assertThat(code(command)).isZero();
    assertThat(shell.printed()).isEqualTo("in\n");
  }

  @Test
  void theLockDelayIsWaitedFor() throws Exception {
    store.delay(true);
    CompletableFuture<Integer> command = locking("a", "echo in");
    store.await(
        () -> store.asked.stream().filter(line -> line.startsWith("PUT a/.lock")).count() > 2);
    assertThat(command).isNotDone();
    store.delay(false);
    assertThat(code(command)).isZero();
  }

  @Test
  void theTimeoutEndsTheWaitAndLeavesNothing() {
    String other = store.foreignSession();
    store.put("a/.lock", "theirs", Mutex.FLAGS, other);
    assertThat(lock("-timeout=50ms", "a", "echo in")).isEqualTo(1);
    assertThat(lock("-try=50ms", "a", "echo in")).isEqualTo(1);
    assertThat(shell.complained()).contains("timeout during lock acquisition");
    assertThat(shell.printed()).isEmpty();
    assertThat(store.sessions()).containsExactly(other);
    assertThat(store.get("a/.lock")).extracting(Store.Key::value).isEqualTo("theirs");
  }

  @Test
  void aKeyOfAnotherPurposeIsLeftAlone() {
    store.put("a/.lock", "data", 0, null);
    assertThat(lock("a", "echo in")).isEqualTo(1);
    assertThat(shell.complained()).contains("a/.lock", LOCK_FLAGS);
    assertThat(lock("-n=2", "a", "echo in")).isEqualTo(1);
    assertThat(shell.complained()).contains(SEMAPHORE_FLAGS);
    assertThat(store.get("a/.lock")).extracting(Store.Key::value).isEqualTo("data");
    assertThat(store.sessions()).isEmpty();
  }

  @Test
  void aCommandIsStoppedWhenItsLockIsLost() throws Exception {
    Path running = folder.resolve("running");
    CompletableFuture<Integer> command = locking("a", whileThere(running));
    store.await(() -> isHeld("a/.lock"));
    store.end(store.sessions().getFirst());
    assertThat(code(command)).isEqualTo(1);
    assertThat(shell.complained()).contains("Lock lost");
    assertThat(folder.resolve("running.ended")).doesNotExist();
  }

  @Test
  void aCommandThatDoesNotListenIsKilled() throws Exception {
    CompletableFuture<Integer> command =
        locking("a", "trap '' TERM; echo deaf; while true; do sleep 0.05; done");
    store.await(() -> shell.printed().contains("deaf"));
    store.end(store.sessions().getFirst());
    assertThat(code(command)).isEqualTo(1);
  }

  @Test
  void shortOutagesAreRiddenOutAndLongOnesLoseTheLock() throws Exception {
    Path running = folder.resolve("running");
    CompletableFuture<Integer> command = locking("-monitor-retry=3", "a", whileThere(running));
    store.await(() -> store.asked.stream().anyMatch(line -> line.contains("consistent&index=")));
    store.fail(3);
    store.asked.clear();
    store.await(() -> store.asked.stream().anyMatch(line -> line.contains("consistent&index=")));
    assertThat(command).isNotDone();
    store.fail(4);
    assertThat(code(command)).isEqualTo(1);
    assertThat(shell.complained()).contains("Lock lost", "No cluster leader");
  }

  @Test
  void theSessionIsRenewedUntilTheEnd() throws Exception {
    Path running = folder.resolve("running");
    CompletableFuture<Integer> command = locking("a", whileThere(running));
    store.await(() -> store.asked.stream().filter("renew"::equals).count() >= 2);
    Files.delete(running);
    assertThat(code(command)).isZero();
    assertThat(store.asked).contains("destroy");
  }

  @Test
  void aRequestToStopEndsTheCommandAndGivesTheLockBack() throws Exception {
    Path running = folder.resolve("running");
    CompletableFuture<Integer> command = locking("a", whileThere(running));
    store.await(() -> isHeld("a/.lock"));
    shell.stop();
    assertThat(code(command)).isEqualTo(1);
    assertThat(store.get("a/.lock")).isNull();
    assertThat(folder.resolve("running.ended")).doesNotExist();
  }

  @Test
  void aRequestToStopEndsTheWait() throws Exception {
    String other = store.foreignSession();
    store.put("a/.lock", "", Mutex.FLAGS, other);
    CompletableFuture<Integer> command = locking("a", "echo in");
    store.await(() -> store.asked.stream().anyMatch(line -> line.contains("index=")));
    shell.stop();
    assertThat(code(command)).isEqualTo(1);
    assertThat(store.sessions()).containsExactly(other);
  }

  @Test
  void aSemaphoreAsOtherClientsReadIt() throws Exception {
    Path running = folder.resolve("running");
    CompletableFuture<Integer> command = locking("-n=2", "s", whileThere(running));
    store.await(() -> store.get("s/.lock") != null);
    Store.Key lock = store.get("s/.lock");
    String session = store.sessions().getFirst();
    assertThat(lock).isNotNull();
    assertThat(lock.value()).isEqualTo("{\"Limit\":2,\"Holders\":{\"" + session + "\":true}}");
    assertThat(Long.toUnsignedString(lock.flags())).isEqualTo(SEMAPHORE_FLAGS);
    assertThat(lock.session()).isNull();
    Store.Key contender = store.get("s/" + session);
    assertThat(contender).isNotNull();
    assertThat(contender.session()).isEqualTo(session);
    assertThat(Long.toUnsignedString(contender.flags())).isEqualTo(SEMAPHORE_FLAGS);
    assertThat(store.created.getFirst()).contains("\"Behavior\":\"delete\"");
    Files.delete(running);
    assertThat(code(command)).isZero();
    assertThat(store.get("s/.lock")).isNull();
    assertThat(store.get("s/" + session)).isNull();
  }

  @Test
  void noMoreThanTheLimitHoldASemaphoreAtOnce() throws Exception {
    Path log = folder.resolve("log");
    List<CompletableFuture<Integer>> commands = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      commands.add(locking("-n=2", "s", "echo + >>" + log + "; sleep 0.1; echo - >>" + log));
    }
    for (CompletableFuture<Integer> command : commands) {
      assertThat(code(command)).isZero();
    }
    int inside = 0;
    int most = 0;
    for (String line : Files.readAllLines(log)) {
      inside += line.equals("+") ? 1 : -1;
      most = Math.max(most, inside);
    }
    assertThat(most).isBetween(1, 2);
    assertThat(inside).isZero();
    assertThat(store.sessions()).isEmpty();
  }

  @Test
  void theSlotOfADeadHolderIsTaken() {
    store.put(
        "s/.lock",
        "{\"Limit\":2,\"Holders\":{\"dead\":true,\"gone\":true}}",
        Semaphore.FLAGS,
        null);
    assertThat(lock("-n=2", "s", "echo in")).isZero();
    assertThat(shell.printed()).isEqualTo("in\n");
  }

  @Test
  void theSlotOfALivingHolderIsNotAndItsKeyStays() throws Exception {
    String other = store.foreignSession();
    store.put("s/" + other, "", Semaphore.FLAGS, other);
    String both = "{\"Limit\":2,\"Holders\":{\"" + other + "\":true,\"dead\":true}}";
    store.put("s/.lock", both, Semaphore.FLAGS, null);
    assertThat(lock("-n=2", "-verbose", "s", "echo in")).isZero();
    assertThat(shell.printed()).contains("lock in use");
    Store.Key lock = store.get("s/.lock");
    assertThat(lock).isNotNull();
    assertThat(lock.value()).isEqualTo("{\"Limit\":2,\"Holders\":{\"" + other + "\":true}}");
  }

  @Test
  void aSemaphoreOfAnotherLimitIsRefused() {
    store.put("s/.lock", "{\"Limit\":3,\"Holders\":{}}", Semaphore.FLAGS, null);
    assertThat(lock("-n=2", "s", "echo in")).isEqualTo(1);
    assertThat(shell.complained()).contains("lock: 3, local: 2");
    assertThat(store.sessions()).isEmpty();
  }

  @Test
  void aHolderThatIsTakenOutOfTheSemaphoreStops() throws Exception {
    Path running = folder.resolve("running");
    CompletableFuture<Integer> command = locking("-n=2", "s", whileThere(running));
    store.await(() -> store.get("s/.lock") != null);
    store.put("s/.lock", "{\"Limit\":2,\"Holders\":{}}", Semaphore.FLAGS, null);
    assertThat(code(command)).isEqualTo(1);
    assertThat(shell.complained()).contains("Lock lost");
  }

  @Test
  void badUsage() {
    assertThat(lock("/", "true")).isEqualTo(1);
    assertThat(lock("-n=0", "a", "true")).isEqualTo(1);
    assertThat(lock("-timeout=1s", "-try=1s", "a", "true")).isEqualTo(1);
    assertThat(store.asked).isEmpty();
  }
}
