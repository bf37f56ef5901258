package dev.muster.cli.balancer;

import dev.muster.cli.command.Terminal;
import dev.muster.cli.nginx.Verdict;
import dev.muster.nginx.NginxFile;
import dev.muster.nginx.compile.Place;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `balancer validate`.
@Command(
    description = "Check a configuration in nginx's language, all problems at once.",
    footer = {
      "",
      "Examples:",
      "  muster balancer validate /etc/nginx/nginx.conf",
      "  muster balancer validate -quiet nginx.conf     nothing is printed if all is well"
    })
final class ValidateCommand implements Callable<Integer> {
  @Option(names = "-quiet", description = "Print nothing if all is well.")
  private boolean quiet;

  @Option(
      names = "-prefix",
      paramLabel = "FOLDER",
      description = "What paths of logs and served files are relative to (the file's folder).")
  private String prefix = "";

  @Parameters(paramLabel = "FILE", description = "The file; what it includes is read, too.")
  private Path file = Path.of("");

  private final Terminal terminal;

  ValidateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path whole = file.toAbsolutePath().normalize();
    Path folder = prefix.isEmpty() ? whole.resolveSibling("") : Path.of(prefix).toAbsolutePath();
    NginxFile read = NginxFile.read(whole, Place.of(folder, "localhost"));
    return new Verdict(read, whole).print(terminal.err(), quiet) ? Terminal.OK : Terminal.FAILED;
  }
}
