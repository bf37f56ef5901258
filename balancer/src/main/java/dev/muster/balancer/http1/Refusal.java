package dev.muster.balancer.http1;

/// Why a message is not taken: the status its sender would be told, and one line for people.
public record Refusal(int status, String reason) {
  static final Refusal BARE_LF = bad("a line ends without a carriage return");
  static final Refusal BARE_CR = bad("a carriage return stands without a line feed");

  static Refusal bad(String reason) {
    return new Refusal(400, reason);
  }
}
