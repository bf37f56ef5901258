package dev.muster.conformance;

import static dev.muster.conformance.LauncherSandbox.firstLine;
import static dev.muster.conformance.LauncherSandbox.standardOutput;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./muster`, as a process: around a planted program and a planted Maven, and once around ours.
class LauncherTest {
  @TempDir Path folder;
  private LauncherSandbox sandbox;

  @BeforeEach
  void plant() throws IOException {
    sandbox = new LauncherSandbox(folder);
  }

  @Test
  void passesArgumentsAsTheyAre() throws Exception {
    ProcessOutput shown =
        ProcessOutput.of(sandbox.launch("show", "two words", "", "*", "-x=$HOME"));
    assertThat(shown.exitCode()).as(shown.text()).isZero();
    assertThat(shown.text())
        .contains("[show]\n[two words]\n[]\n[*]\n[-x=$HOME]\n")
        .contains("program=muster\n")
        .contains("home=" + sandbox.root() + "\n");
  }

  @Test
  void exitsAsTheProgramDoes() throws Exception {
    assertThat(ProcessOutput.of(sandbox.launch("exit", "37")).exitCode()).isEqualTo(37);
  }

  @Test
  void becomesTheProgramSoThatItGetsTheSignals() throws Exception {
    Process process = sandbox.launch("wait").start();
    assertThat(firstLine(process)).isEqualTo("ready");
    assertThat(process.info().command().orElseThrow()).endsWith("/bin/java");
    process.toHandle().destroy(); // unlike Process.destroy it leaves the output open
    ProcessOutput ended = ProcessOutput.await(process);
    assertThat(ended.text()).isEqualTo("stopped\n");
    assertThat(ended.exitCode()).isEqualTo(128 + 15);
  }

  @Test
  void startsThroughLinksFromAnotherFolder() throws Exception {
    sandbox.link("links/real", sandbox.root().resolve("muster"));
    Path consul = sandbox.link("elsewhere/consul", Path.of("../links/real"));
    String shown = ProcessOutput.of(sandbox.launch(consul)).text();
    assertThat(shown).contains("program=consul\n", "home=" + sandbox.root() + "\n");
  }

  @Test
  void startsThroughALinkOnPath() throws Exception {
    sandbox.link("bin/consul", sandbox.root().resolve("muster"));
    var command = sandbox.launch(Path.of("bash"), "-c", "consul show");
    assertThat(ProcessOutput.of(command).text())
        .contains("program=consul\n", "home=" + sandbox.root() + "\n");
  }

  @Test
  void serversGetTheWholeCompilerAndCommandsStartFast() throws Exception {
    String fast = "-XX:TieredStopAtLevel=1";
    assertThat(ProcessOutput.of(sandbox.launch("members")).text()).contains(fast);
    assertThat(ProcessOutput.of(sandbox.launch()).text()).contains(fast);
    assertThat(ProcessOutput.of(sandbox.launch("agent", "-dev")).text()).doesNotContain(fast);
    var tuned = sandbox.launch("members");
    tuned.environment().put("MUSTER_JAVA_OPTS", "-Xmx99m -Da=b");
    assertThat(ProcessOutput.of(tuned).text()).contains("-Xmx99m, -Da=b");
  }

  @Test
  void anUnusableCacheIsNotWorthAWord() throws Exception {
    sandbox.write("cli/target/muster/muster.aot", "of another JDK");
    ProcessOutput shown = ProcessOutput.of(sandbox.launch("show"));
    assertThat(shown.text()).startsWith("program=muster\n").contains("muster.aot");
  }

  @Nested
  class Jdk {
    private final Path jdk = Path.of(System.getProperty("java.home"));

    @Test
    void noneIsOneSentence() throws Exception {
      ProcessOutput refused = ProcessOutput.of(sandbox.launchOnBareMachine("show"));
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.text().lines())
          .singleElement()
          .asString()
          .startsWith("muster: a JDK 25 is needed")
          .contains("MUSTER_JAVA_HOME");
    }

    @Test
    void aNamedOneThatIsNotIsRefused() throws Exception {
      ProcessBuilder command = sandbox.launch("show");
      command.environment().put("MUSTER_JAVA_HOME", folder.toString());
      ProcessOutput refused = ProcessOutput.of(command);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.text()).startsWith("muster: a JDK 25 is needed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MUSTER_JAVA_HOME", "JAVA_HOME"})
    void isFoundByVariable(String variable) throws Exception {
      ProcessBuilder command = sandbox.launchOnBareMachine("show");
      command.environment().put(variable, jdk.toString());
      assertThat(ProcessOutput.of(command).text()).contains("java=" + jdk);
    }

    @Test
    void isFoundOnPath() throws Exception {
      ProcessBuilder command = sandbox.launchOnBareMachine("show");
      sandbox.link("tools/java", sandbox.link("alternatives/java", jdk.resolve("bin/java")));
      assertThat(ProcessOutput.of(command).text()).contains("java=" + jdk);
    }

    @Test
    void isFoundAmongOthersInTheUsualFolders() throws Exception {
      ProcessBuilder command = sandbox.launchOnBareMachine("show");
      for (String version : new String[] {"17.0.15", "250.1", "2.25"}) {
        sandbox.executable("jdks/a" + version + "/bin/javac", "");
        Path release = folder.resolve("jdks/a" + version + "/release");
        Files.writeString(release, "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
      }
      assertThat(ProcessOutput.of(command).exitCode()).isEqualTo(1);
      sandbox.link("jdks/z25", jdk);
      assertThat(ProcessOutput.of(command).text()).contains("program=muster");
    }

    @Test
    void isFoundAsMacOsKeepsIt() throws Exception {
      ProcessBuilder command = sandbox.launchOnBareMachine("show");
      sandbox.link("jdks/temurin-25.jdk/Contents/Home", jdk);
      assertThat(ProcessOutput.of(command).text()).contains("program=muster");
    }
  }

  @Nested
  class Build {
    @Test
    void isNotRepeatedWhileNothingChanged() throws Exception {
      assertThat(ProcessOutput.of(sandbox.launch("show")).text()).startsWith("program=muster\n");
      assertThat(sandbox.builds()).isZero();
    }

    @Test
    void comesFirstWhenThereIsNone() throws Exception {
      Files.delete(sandbox.stamp());
      ProcessOutput shown = ProcessOutput.of(sandbox.launch("show"));
      assertThat(shown.exitCode()).isZero();
      assertThat(shown.text()).startsWith("muster: building").contains("program=muster\n");
      assertThat(sandbox.builds()).isEqualTo(1);
      assertThat(ProcessOutput.of(sandbox.launch("show")).text()).startsWith("program=muster\n");
      assertThat(sandbox.builds()).isEqualTo(1);
    }

    @Test
    void leavesStandardOutputToTheProgram() throws Exception {
      Files.delete(sandbox.stamp());
      assertThat(standardOutput(sandbox.launch("show"))).startsWith("program=muster\n");
      assertThat(sandbox.builds()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "registry/src/main/java/Lease.java",
          "registry/src/main/resources/lease.json",
          "pom.xml"
        })
    void isRepeatedWhenASourceIsNewer(String source) throws Exception {
      touch(source);
      ProcessOutput.of(sandbox.launch("show"));
      assertThat(sandbox.builds()).isEqualTo(1);
    }

    @Test
    void isRepeatedWhenASourceIsGone() throws Exception {
      Files.delete(sandbox.root().resolve("registry/src/main/resources/lease.json"));
      ProcessOutput.of(sandbox.launch("show"));
      assertThat(sandbox.builds()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "registry/src/test/java/LeaseTest.java",
          "registry/target/Generated.java",
          "muster"
        })
    void isNotRepeatedForWhatIsNotInTheProgram(String other) throws Exception {
      touch(other);
      ProcessOutput.of(sandbox.launch("show"));
      assertThat(sandbox.builds()).isZero();
    }

    @Test
    void canBeForbidden() throws Exception {
      touch("pom.xml");
      ProcessBuilder command = sandbox.launch("show");
      command.environment().put("MUSTER_NO_BUILD", "1");
      assertThat(ProcessOutput.of(command).text()).startsWith("program=muster\n");
      assertThat(sandbox.builds()).isZero();
    }

    @Test
    void thatIsForbiddenAndNeededIsOneSentence() throws Exception {
      Files.delete(sandbox.root().resolve("cli/target/muster/lib/muster.jar"));
      ProcessBuilder command = sandbox.launch("show");
      command.environment().put("MUSTER_NO_BUILD", "1");
      ProcessOutput refused = ProcessOutput.of(command);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.text()).startsWith("muster: it is not built");
    }

    @Test
    void startsNothingWhenItFails() throws Exception {
      touch("pom.xml");
      ProcessBuilder command = sandbox.launch("show");
      command.environment().put("MAVEN_FAILURE", "planted failure");
      ProcessOutput failed = ProcessOutput.of(command);
      assertThat(failed.exitCode()).isEqualTo(1);
      assertThat(failed.text())
          .contains("[ERROR] planted failure\n", "the build failed")
          .doesNotContain("program=");
      ProcessOutput.of(sandbox.launch("show"));
      assertThat(sandbox.builds()).as("a failed build is not a build").isEqualTo(2);
    }

    @Test
    void runsOnceForTwoLaunchers() throws Exception {
      touch("pom.xml");
      ProcessBuilder command = sandbox.launch("show").redirectErrorStream(true);
      command.environment().put("MAVEN_SECONDS", "1");
      Process first = command.start();
      Process second = command.start();
      assertThat(ProcessOutput.await(first).text()).contains("program=muster\n");
      assertThat(ProcessOutput.await(second).text()).contains("program=muster\n");
      assertThat(sandbox.builds()).isEqualTo(1);
    }

    @Test
    void withoutMavenIsOneSentence() throws Exception {
      touch("pom.xml");
      ProcessBuilder command = sandbox.launchOnBareMachine("show");
      command.environment().put("MUSTER_JAVA_HOME", System.getProperty("java.home"));
      ProcessOutput refused = ProcessOutput.of(command);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.text().lines()).singleElement().asString().contains("no mvn on PATH");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.8.6", "3.6.3", "2.2.1"})
    void withAnOldMavenIsOneSentence(String version) throws Exception {
      assertThat(withMaven(version).text().lines())
          .singleElement()
          .asString()
          .contains("Maven 3.8.7 or newer", version);
      assertThat(sandbox.builds()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.8.7", "3.9.0", "3.10.1", "4.0.0-rc-4"})
    void takesANewerMaven(String version) throws Exception {
      assertThat(withMaven(version).exitCode()).isZero();
      assertThat(sandbox.builds()).isEqualTo(1);
    }

    private ProcessOutput withMaven(String version) throws Exception {
      touch("pom.xml");
      ProcessBuilder command = sandbox.launch("show");
      command.environment().put("MAVEN_VERSION", version);
      return ProcessOutput.of(command);
    }

    private void touch(String source) throws IOException {
      Files.setLastModifiedTime(sandbox.root().resolve(source), FileTime.from(Instant.now()));
    }
  }

  /// The program that this very build packaged: nothing may be built again.
  @Nested
  class Ours {
    @ParameterizedTest
    @ValueSource(strings = {"muster", "consul"})
    void namesItselfAsItWasCalled(String name) throws Exception {
      Path link = sandbox.link("ours/" + name, Repository.ROOT.resolve("muster"));
      ProcessOutput version = ProcessOutput.of(sandbox.launch(link, "version"));
      String title = name.equals("consul") ? "Consul v" : "Muster v";
      assertThat(version.text())
          .as("%s version, as cli's package phase left it: run mvn verify at the root", name)
          .startsWith(title);
      assertThat(version.exitCode()).isZero();
    }
  }
}
