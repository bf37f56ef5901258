package dev.muster.consul;

/// Ends a request with a status and a line of plain text. Thrown and caught inside this package.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;

  Refusal(int status, String reason) {
    super(reason, null, false, false);
    this.status = status;
    this.reason = reason;
  }

  String reason() {
    return reason;
  }

  int status() {
    return status;
  }

  /// What Consul answers when a request's body cannot be understood.
  static Refusal undecodable(String why) {
    return new Refusal(400, "Request decode failed: " + why);
  }
}
