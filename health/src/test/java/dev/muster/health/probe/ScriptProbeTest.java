package dev.muster.health.probe;

import static dev.muster.registry.catalog.Check.Status.CRITICAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check.Status;
import dev.muster.registry.catalog.Probe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ScriptProbeTest {
  private final Look look = new Look();

  @AfterEach
  void close() {
    look.close();
  }

  private static Probe.Script sh(String script, Duration timeout, int outputBytesMax) {
    return new Probe.Script(
        List.of("/bin/sh", "-c", script), false, outputBytesMax, Look.within(timeout));
  }

  private static Probe.Script sh(String script) {
    return sh(script, Duration.ofSeconds(10), 0);
  }

  @ParameterizedTest
  @CsvSource({"0, PASSING", "1, WARNING", "2, CRITICAL", "127, CRITICAL"})
  void theExitCodeDecides(int code, Status status) throws Exception {
    assertThat(look.at(sh("echo out; echo err >&2; exit " + code)))
        .isEqualTo(new Result(status, "out\nerr\n"));
  }

  @Test
  void argumentsAreTakenAsTheyAre() throws Exception {
    var probe = new Probe.Script(List.of("printf", "%s", "a b; $HOME *"), false, 0, Look.RHYTHM);
    assertThat(look.at(probe)).isEqualTo(Result.passing("a b; $HOME *"));
  }

  @Test
  void theInputIsEmptyAndTheEnvironmentTheServersOwn() throws Exception {
    assertThat(look.at(sh("cat; echo \"$PATH\"")))
        .isEqualTo(Result.passing(System.getenv("PATH") + "\n"));
  }

  @Test
  void whatIsNotThereIsCritical() throws Exception {
    var probe = new Probe.Script(List.of("/no/such/program"), false, 0, Look.RHYTHM);
    Result result = look.at(probe);
    assertThat(result.status()).isEqualTo(CRITICAL);
    assertThat(result.output()).contains("/no/such/program").contains("No such file");
  }

  @Test
  void ofALongOutputTheEndIsKept() throws Exception {
    assertThat(look.at(sh("seq 1 20000; exit 2", Duration.ofSeconds(10), 13)))
        .isEqualTo(Result.critical("Captured 13 of 108894 bytes\n...\n\n19999\n20000\n"));
    assertThat(look.at(sh("seq 1 20000")).output()).hasSizeBetween(4096, 4200);
  }

  /// A child that waits, and an orphan in another group that nobody waits for.
  @Test
  void aScriptThatHangsIsKilledWithAllItStarted(@TempDir Path folder) throws Exception {
    Path pids = folder.resolve("pids");
    String script =
        """
        echo started
        (sleep 1000 & echo $! >>%1$s)
        sleep 1000 & echo $! >>%1$s
        echo $$ >>%1$s
        wait
        """
            .formatted(pids);
    Result result = look.at(sh(script, Duration.ofSeconds(1), 0));
    assertThat(result).isEqualTo(Result.critical("Timed out (1s) running check\n\nstarted\n"));
    List<String> started = Files.readAllLines(pids);
    assertThat(started).hasSize(3);
    for (String pid : started) {
      ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElse(null);
      if (process != null) {
        assertThat(process.onExit().get(10, TimeUnit.SECONDS)).isNotNull();
      }
    }
  }

  @Test
  void aScriptHasEndedWhenItsOutputHas() throws Exception {
    assertThat(look.at(sh("sleep 1000 & exit 0", Duration.ofMillis(300), 0)))
        .isEqualTo(Result.critical("Timed out (300ms) running check"));
  }

  @Test
  void timeoutsAreNoLongerThanIsOfUse() {
    var day = Duration.ofDays(1);
    assertThat(timeout(Duration.ofSeconds(1), Duration.ofSeconds(59))).hasSeconds(59);
    assertThat(timeout(Duration.ofSeconds(1), day)).hasSeconds(60);
    assertThat(timeout(Duration.ofSeconds(90), day)).hasSeconds(90);
    assertThat(timeout(day, day)).hasMinutes(10);
  }

  private static Duration timeout(Duration interval, Duration timeout) {
    return Prober.timeout(new Probe.Rhythm(interval, timeout, Duration.ZERO, 0, 0));
  }

  @Test
  void nothingIsRunThatIsNotAllowed() throws Exception {
    var fromFile = new Probe.Script(List.of("echo"), true, 0, Look.RHYTHM);
    try (var none = new Look(ScriptChecks.NONE);
        var local = new Look(ScriptChecks.LOCAL)) {
      assertThat(none.at(sh("echo")).output()).startsWith("Scripts are disabled on this agent");
      assertThat(none.at(fromFile).output()).contains("'enable_local_script_checks'");
      assertThat(local.at(sh("echo")).output()).contains("from remote calls");
      assertThat(local.at(fromFile)).isEqualTo(Result.passing("\n"));
    }
  }

  /// Whether there is systemd or not: a service that nobody has is critical, and it says why.
  @Test
  void aServiceThatTheSystemDoesNotRunIsCritical() throws Exception {
    Result result = look.at(new Probe.OsService("no-such-service", Look.RHYTHM));
    assertThat(result.status()).isEqualTo(CRITICAL);
    assertThat(result.output()).startsWith("OS service no-such-service: ").hasSizeGreaterThan(35);
  }
}
