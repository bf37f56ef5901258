package dev.muster.agent.config;

import java.util.List;

/// The configuration cannot be used. The message lists every problem, one a line: what, where, and
/// what to do. Nothing was started.
public final class InvalidConfiguration extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String report;

  InvalidConfiguration(List<String> problems) {
    super(String.join("\n", problems));
    report = String.join("\n", problems);
  }

  public String report() {
    return report;
  }
}
