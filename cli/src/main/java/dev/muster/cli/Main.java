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
    System.exit(program.run(args));
  }
}
