package dev.muster.cli.nginx;

import dev.muster.cli.command.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Leaving the terminal. A process of Java cannot fork, so the program is started once more,
/// detached, and whoever started it first waits until that one listens or has failed.
record Daemon(Terminal terminal, Path launcher) {
  private static final String VARIABLE = "MUSTER_DAEMON";
  private static final String READY = "MUSTER_DAEMON is ready";
  private static final List<Path> SETSID =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  /// Whether this is the process that stays.
  boolean isDetached() {
    return !terminal.variable(VARIABLE).isEmpty();
  }

  /// Starts the one that stays, and passes on what it says until it listens.
  int start(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    // A session of its own: what ends the terminal does not end it.
    SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(it -> command.add("" + it));
    command.add(launcher.toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put(VARIABLE, "1");
    builder.environment().put("MUSTER_NO_BUILD", "1");
    Process process = builder.start();
    process.getOutputStream().close();
    var said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.equals(READY)) {
        return Terminal.OK;
      }
      terminal.err().println(line);
    }
    int code = process.waitFor();
    return code == 0 ? Terminal.FAILED : code;
  }

  /// Says that it listens, to whoever waits for that.
  void ready() {
    if (isDetached()) {
      terminal.out().println(READY);
      terminal.out().flush();
    }
  }
}
