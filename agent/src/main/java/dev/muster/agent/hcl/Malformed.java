package dev.muster.agent.hcl;

/// A document is not what its format asks for. The message says where and what; to be told to the
/// one who wrote it.
public final class Malformed extends Exception {
  private static final long serialVersionUID = 1L;

  private final String report;

  Malformed(Place place, String problem) {
    super(place + ": " + problem, null, false, false);
    report = place + ": " + problem;
  }

  public String report() {
    return report;
  }
}
