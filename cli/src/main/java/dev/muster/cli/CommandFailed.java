package dev.muster.cli;

/// Ends a command with exit code 1 and a report on standard error.
final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String report;

  CommandFailed(String report) {
    super(report, null, false, false);
    this.report = report;
  }

  String report() {
    return report;
  }
}
