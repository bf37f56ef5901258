package dev.muster.cli;

/// Where the program starts.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    var program =
        new Program(
            System.getProperty("muster.program", "muster"),
            System.in,
            System.out,
            System.err,
            System.getenv());
    // Not exit: while a signal is being answered that would wait for itself, and the answer to a
    // request to stop is the command's own exit code.
    int code = program.run(args);
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(code);
  }
}
