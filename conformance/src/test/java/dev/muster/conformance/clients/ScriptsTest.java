package dev.muster.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.conformance.ProcessOutput;
import dev.muster.conformance.RunningAgent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients in languages with scripts: each script asserts what it was answered.
@Timeout(180)
class ScriptsTest {
  private static final String NPM_CONSUL = "consul@2.0.1";

  @Test
  void pythonConsul(@TempDir Path folder) throws Exception {
    Path python = Tool.require("python3");
    var hasClient = new ProcessBuilder(python.toString(), "-c", "import consul");
    if (ProcessOutput.of(hasClient).exitCode() != 0) {
      Tool.require("python3-consul");
    }
    try (RunningAgent agent = RunningAgent.dev()) {
      Path script = script("python_consul.py", folder);
      var run = new ProcessBuilder(python.toString(), script.toString(), agent.httpAddress());
      assertSucceeds(run);
    }
  }

  @Test
  void npmConsul(@TempDir Path folder) throws Exception {
    Path node = Tool.require("node");
    Path npm = Tool.require("npm");
    var install =
        new ProcessBuilder(
                npm.toString(), "install", "--silent", "--no-fund", "--no-audit", NPM_CONSUL)
            .directory(folder.toFile());
    if (ProcessOutput.of(install).exitCode() != 0) {
      Assumptions.abort("npm cannot fetch " + NPM_CONSUL + ", which says nothing of ours");
    }
    try (RunningAgent agent = RunningAgent.dev()) {
      Path script = script("npm_consul.js", folder);
      assertSucceeds(
          new ProcessBuilder(node.toString(), script.toString(), agent.httpAddress())
              .directory(folder.toFile()));
    }
  }

  private static Path script(String name, Path folder) throws IOException {
    Path copy = folder.resolve(name);
    try (InputStream in = ScriptsTest.class.getResourceAsStream(name)) {
      Files.copy(in, copy);
    }
    return copy;
  }

  private static void assertSucceeds(ProcessBuilder script) throws Exception {
    ProcessOutput ended = ProcessOutput.of(script);
    assertThat(ended.text()).contains("all as expected");
    assertThat(ended.exitCode()).isZero();
  }
}
