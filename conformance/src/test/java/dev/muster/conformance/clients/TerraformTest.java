package dev.muster.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.conformance.Client;
import dev.muster.conformance.Eventually;
import dev.muster.conformance.ProcessOutput;
import dev.muster.conformance.RunningAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Terraform keeps its state here, and locks it.
@Timeout(180)
class TerraformTest {
  @Test
  void theStateIsLockedWhileItIsApplied(@TempDir Path folder) throws Exception {
    Path terraform = Tool.ifPresent("terraform");
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api()) {
      Path released = folder.resolve("released");
      Files.writeString(
          folder.resolve("main.tf"),
          """
          terraform {
            backend "consul" {
              address = "%s"
              scheme  = "http"
              path    = "terraform/state"
            }
          }
          resource "terraform_data" "one" {
            input = "kept"
            provisioner "local-exec" {
              command = "while ! [ -e %s ]; do sleep 0.1; done"
            }
          }
          """
              .formatted(agent.httpAddress(), released));
      assertSucceeds(run(terraform, folder, "init", "-input=false"));

      String[] apply = {terraform.toString(), "apply", "-input=false", "-auto-approve"};
      Process applying =
          new ProcessBuilder(apply).directory(folder.toFile()).redirectErrorStream(true).start();
      try {
        Eventually.holds(
            "locked",
            () -> api.get("kv/terraform/state/.lock"),
            answer -> answer.isOk() && answer.json().get(0).has("Session"));
        ProcessOutput second = run(terraform, folder, "plan", "-input=false", "-lock-timeout=0s");
        assertThat(second.text()).contains("Error acquiring the state lock");
        assertThat(second.exitCode()).isEqualTo(1);

        Files.createFile(released);
        assertSucceeds(ProcessOutput.await(applying));
      } finally {
        applying.descendants().forEach(ProcessHandle::destroyForcibly);
        applying.destroyForcibly();
      }
      assertThat(api.get("kv/terraform/state?raw").body()).contains("terraform_data", "kept");
      assertSucceeds(run(terraform, folder, "plan", "-input=false", "-detailed-exitcode"));
    }
  }

  private static ProcessOutput run(Path terraform, Path folder, String... arguments)
      throws Exception {
    var command = new ProcessBuilder(terraform.toString()).directory(folder.toFile());
    command.command().addAll(List.of(arguments));
    return ProcessOutput.of(command);
  }

  private static void assertSucceeds(ProcessOutput ended) {
    assertThat(ended.exitCode()).as(ended.text()).isZero();
  }
}
