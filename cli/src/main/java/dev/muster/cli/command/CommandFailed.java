package dev.muster.cli.command;

/// Ends a command with an exit code other than 0 and a report on standard error.
public final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String report;
  private final int exitCode;

  /// @param report what went wrong, where, and what to do
  public CommandFailed(String report) {
    this(report, Terminal.FAILED);
  }

  public CommandFailed(String report, int exitCode) {
    super(report, null, false, false);
    this.report = report;
    this.exitCode = exitCode;
  }

  /// What the person reads.
  public String report() {
    return report;
  }

  /// What the process ends with.
  public int exitCode() {
    return exitCode;
  }
}
