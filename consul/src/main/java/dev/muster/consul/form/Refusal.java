package dev.muster.consul.form;

/// Ends a request with a status and a line of plain text. Thrown by endpoints, answered by the API.
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String UNDECODABLE = "Request decode failed: ";

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

  /// Whether the request's body could not be understood.
  public boolean isUndecodable() {
    return reason.startsWith(UNDECODABLE);
  }

  /// The reason, for who begins the sentence in another way.
  public String withoutPrefix() {
    return isUndecodable() ? reason.substring(UNDECODABLE.length()) : reason;
  }

  /// What Consul answers when a request's body cannot be understood.
  public static Refusal undecodable(String why) {
    return new Refusal(400, UNDECODABLE + why);
  }
}
