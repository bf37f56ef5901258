package dev.muster.demo;

/// The demo cannot go on; everything it had started is stopped. The message says why and what to
/// do.
public final class DemoFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String report;

  DemoFailed(String report) {
    super(report);
    this.report = report;
  }

  public String report() {
    return report;
  }
}
