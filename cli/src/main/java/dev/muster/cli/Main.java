package dev.muster.cli;

import dev.muster.cli.command.Terminal;

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
    int code = new Program(terminal).run(args);
    System.out.flush();
    System.err.flush();
    // Not exit: that would wait for StopRequest's hook, which waits for this.
    Runtime.getRuntime().halt(code);
  }
}
