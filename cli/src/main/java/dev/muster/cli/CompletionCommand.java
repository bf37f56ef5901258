package dev.muster.cli;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `completion`.
@Command(
    description = "Print a script that teaches a shell to complete the commands and their flags.",
    footer = {
      "",
      "Examples:",
      "  source <(muster completion bash)",
      "  muster completion zsh > ~/.zsh/muster.zsh      and source it in ~/.zshrc",
      "  muster completion fish > ~/.config/fish/completions/muster.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  /// zsh runs bash's script through its own layer for that, which must be loaded first.
  private static final String FOR_ZSH =
      "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n";

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private String shell = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    switch (shell) {
      case "bash" -> terminal.out().print(AutoComplete.bash(root.getCommandName(), root));
      case "zsh" -> terminal.out().print(FOR_ZSH + AutoComplete.bash(root.getCommandName(), root));
      case "fish" -> terminal.out().print(FishCompletion.of(root));
      default ->
          throw new CommandFailed(
              "Error: there is no completion for '%s', only for bash, zsh and fish."
                  .formatted(shell));
    }
    return Terminal.OK;
  }
}
