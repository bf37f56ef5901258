package dev.muster.nginx.language;

/// What becomes of a directive here.
public enum Status {
  /// It does what it does in nginx.
  DONE("done"),
  /// It works, differently in the way that the note says.
  DEVIATES("deviates"),
  /// Accepted: there is nothing here that it could change. One warning.
  NO_EFFECT("no effect"),
  /// Accepted and not done, which the configuration may have counted on. One warning.
  OFF("off"),
  /// An error that says why: to ignore it would be wrong.
  REFUSED("refused");

  private final String label;

  Status(String label) {
    this.label = label;
  }

  /// As it is written in `directives.txt`.
  public String label() {
    return label;
  }

  static Status of(String label) {
    for (Status each : values()) {
      if (each.label.equals(label)) {
        return each;
      }
    }
    throw new IllegalArgumentException("no status: " + label);
  }
}
