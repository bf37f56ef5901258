package dev.muster.agent;

/// The server could not start, and what had been started was stopped again. The message is for the
/// person who started it: what, where, and what to do.
public final class StartFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String report;

  StartFailed(String report, Throwable cause) {
    super(report, cause);
    this.report = report;
  }

  public String report() {
    return report;
  }
}
