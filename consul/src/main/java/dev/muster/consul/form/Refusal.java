package dev.muster.consul.form;

/// Ends a request with a status and a line of plain text. Thrown by endpoints, answered by the API.
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;

  public Refusal(int status, String reason) {
    super(reason, null, false, false);
    this.status = status;
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }

  public int status() {
    return status;
  }

  /// What Consul answers when a request's body cannot be understood.
  public static Refusal undecodable(String why) {
    return new Refusal(400, "Request decode failed: " + why);
  }
}
