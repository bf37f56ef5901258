package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The whole sample system, by the command of the README.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DemoTest {
  private static final Pattern ROW =
      Pattern.compile("^(agent|user-\\d|order-\\d)\\s+(\\d+)\\s", Pattern.MULTILINE);

  @Test
  void losesNoRequestAndNoWriteWhenInstancesAreKilled() throws Exception {
    Process demo = Muster.command("demo", "--check").redirectErrorStream(true).start();
    String said = new String(demo.getInputStream().readAllBytes());

    assertThat(demo.waitFor()).as(said).isZero();
    assertThat(said).contains("PASSED").contains("Acknowledged writes not read back: 0.");
    for (String service : List.of("user-service", "order-service")) {
      String row = said.lines().filter(line -> line.startsWith(service)).toList().getFirst();
      assertThat(row).as("both instances served").matches(".*-1: [1-9].*-2: [1-9].*");
      String failed = row.split("\\s+")[3];
      assertThat(failed).isEqualTo("0");
    }
  }

  @Test
  void leavesNothingBehindOnCtrlC() throws Exception {
    Process demo =
        Muster.command("demo", "-http-port=0", "-balancer-port=0", "-dns-port=-1")
            .redirectErrorStream(true)
            .start();
    List<ProcessHandle> children = new ArrayList<>();
    StringBuilder said = new StringBuilder();
    try (BufferedReader out = demo.inputReader()) {
      readUntil(out, said, "Ctrl-C stops everything");
      Matcher row = ROW.matcher(said);
      while (row.find()) {
        ProcessHandle.of(Long.parseLong(row.group(2))).ifPresent(children::add);
      }
      assertThat(children).as(said.toString()).hasSize(5).allMatch(ProcessHandle::isAlive);
      children.addAll(demo.toHandle().descendants().toList());

      new ProcessBuilder("kill", "-INT", Long.toString(demo.pid())).start().waitFor();
      readUntil(out, said, "Stopped.");
    } finally {
      demo.destroy();
    }

    assertThat(demo.waitFor()).as(said.toString()).isZero();
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    assertThat(said.indexOf("Stopping: services, agent, PostgreSQL.")).isPositive();
  }

  private static void readUntil(BufferedReader out, StringBuilder said, String text)
      throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      if (line.contains(text)) {
        return;
      }
    }
    throw new AssertionError("the demo ended without saying '" + text + "':\n" + said);
  }
}
