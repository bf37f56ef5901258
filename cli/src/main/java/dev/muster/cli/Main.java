package dev.muster.cli;

import dev.muster.agent.Logging;
import dev.muster.agent.config.AgentConfig;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.nginx.NginxProgram;
import java.nio.file.Path;

/// Where the program starts.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    var terminal =
        new Terminal(
            System.getProperty("muster.program", "muster"),
            System.in,
            System.out,
            System.err,
            System.getenv(),
            StopRequest::onSignal);
    int code =
        terminal.name().equals("nginx") ? nginx(terminal, args) : new Program(terminal).run(args);
    System.out.flush();
    System.err.flush();
    // Not exit: that would wait for StopRequest's hook, which waits for this.
    Runtime.getRuntime().halt(code);
  }

  private static int nginx(Terminal terminal, String[] args) {
    Logging.configure(new AgentConfig.Log("warn", false));
    Path launcher = Path.of(System.getProperty("muster.launcher", "nginx")).toAbsolutePath();
    boolean hasSignals = System.getProperty("muster.signals", "").equals("blocked");
    var host = new NginxProgram.Host(launcher, hasSignals);
    return new NginxProgram(terminal, Version.ours(), host).run(args);
  }
}
