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
    int code = program.run(args);
    System.out.flush();
    System.err.flush();
    // Not exit: that would wait for StopRequest's hook, which waits for this.
    Runtime.getRuntime().halt(code);
  }
}
