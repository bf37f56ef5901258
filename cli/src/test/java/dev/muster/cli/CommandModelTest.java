package dev.muster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Shell.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// Every command explains itself, in help, reference and completion.
class CommandModelTest {
  private static final Path REFERENCE = Path.of("..", "docs", "commands.md");

  private final Shell shell = new Shell();

  /// A command and the words that call it.
  private record Called(List<String> words, CommandSpec command) {}

  @Test
  void everyCommandExplainsItselfWithAnExample() {
    for (Called each : all()) {
      String name = String.join(" ", each.words());
      assertThat(each.command().commandLine().getUsageMessage())
          .as(name)
          .contains("Usage: muster" + (name.isEmpty() ? "" : " " + name))
          .containsPattern("\nExamples?:\n(  .*\n)*  (.*\\W)?muster (.* )?" + name);
      assertThat(each.command().findOption("-help").usageHelp()).as(name).isTrue();
      assertThat(each.command().usageMessage().description()).as(name).isNotEmpty();
      for (ArgSpec argument : each.command().args()) {
        assertThat(argument.description()).as(name + " " + argument.paramLabel()).isNotEmpty();
      }
    }
    assertThat(all().stream().map(Called::words))
        .contains(
            List.of("operator", "autopilot", "set-config"),
            List.of("kv", "import"),
            List.of("force-leave"));
    assertThat(shell.run("kv", "import", "-help").out()).contains("Examples:");
  }

  @Test
  void everyOptionHasBothSpellings() {
    for (Called each : all()) {
      for (var option : each.command().options()) {
        assertThat(List.of(option.names()))
            .as(each.words() + "")
            .anyMatch(name -> name.matches("-[a-z].*"))
            .anyMatch(name -> name.matches("--[a-z].*"));
      }
    }
  }

  @Test
  void theReferenceIsUpToDate() throws Exception {
    assertThat(Files.readString(REFERENCE))
        .as("docs/commands.md is out of date; run ./muster manual > docs/commands.md")
        .isEqualTo(shell.run("manual").out());
  }

  @Test
  void completionOfShells() throws Exception {
    for (String name : List.of("bash", "zsh")) {
      String script = shell.run("completion", name).out();
      assertThat(script).contains("list-peers", "-child-exit-code");
      Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
      try (var in = bash.getOutputStream()) {
        in.write(script.getBytes(UTF_8));
      }
      assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(bash.exitValue())
          .as(new String(bash.getInputStream().readAllBytes(), UTF_8))
          .isZero();
    }
    assertThat(shell.run("completion", "fish").out())
        .contains(
            "complete -c muster -n '__muster_at kv' -a import -d 'Write the keys that \\'kv"
                + " export\\'",
            "complete -c muster -n '__muster_in lock' -o child-exit-code -d ",
            "complete -c muster -n '__muster_in kv get' -o separator -r -d ");
    assertThat(shell.run("completion", "tcsh").err()).contains("tcsh", "bash, zsh and fish");
  }

  @Test
  void commandsOfConsulThatAreNotHere() {
    Ended refused = shell.run("acl", "token", "list");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .startsWith("muster has no command acl: there is no access control yet. There is agent, ")
        .contains(", kv, ", "-help");
    assertThat(shell.run("kv", "acl").err()).startsWith("muster kv has no command acl");
  }

  @Test
  void versionForPeopleAndPrograms() {
    assertThat(shell.run("version").out()).startsWith("Muster v").contains("Consul v1.");
    assertThat(shell.run("version", "-format=json").out()).startsWith("{\n    \"Version\": \"1.");
    assertThat(shell.run("version", "-format=xml").err()).contains("xml", "json");
  }

  private List<Called> all() {
    List<Called> all = new ArrayList<>();
    collect(new Program(shell.terminal()).commands(), List.of(), all);
    return all;
  }

  private static void collect(CommandLine line, List<String> words, List<Called> into) {
    into.add(new Called(words, line.getCommandSpec()));
    line.getSubcommands()
        .forEach(
            (name, sub) -> {
              List<String> deeper = new ArrayList<>(words);
              deeper.add(name);
              collect(sub, deeper, into);
            });
  }
}
