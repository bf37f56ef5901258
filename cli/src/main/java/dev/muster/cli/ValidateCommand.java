package dev.muster.cli;

import dev.muster.agent.config.InvalidConfiguration;
import dev.muster.agent.config.Settings;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `validate`.
@Command(
    description = "Check files of configuration, all problems at once.",
    footer = {
      "",
      "Examples:",
      "  muster validate /etc/muster.d          a folder: its *.json and *.hcl",
      "  muster validate web.hcl defaults.json  together, as an agent would read them"
    })
final class ValidateCommand implements Callable<Integer> {
  @Option(
      names = {"-quiet", "--quiet"},
      description = "Print nothing if all is well.")
  private boolean quiet;

  @Option(
      names = {"-config-format", "--config-format"},
      paramLabel = "hcl|json",
      description = "The format of all files, whatever they are called.")
  private String format = "";

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and folders.")
  private List<Path> paths = new ArrayList<>();

  private final Terminal terminal;

  ValidateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var settings = new Settings("localhost");
    paths.forEach(settings::add);
    ConfigFormat.of(format).ifPresent(settings::setFormat);
    try {
      List<String> warnings = settings.check().warnings();
      if (!quiet) {
        warnings.forEach(warning -> terminal.out().println("Warning: " + warning));
        terminal.out().println("Configuration is valid!");
      }
      return Terminal.OK;
    } catch (InvalidConfiguration e) {
      throw new CommandFailed(e.report());
    }
  }
}
