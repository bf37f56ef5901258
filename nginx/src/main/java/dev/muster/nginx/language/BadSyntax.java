package dev.muster.nginx.language;

/// The reading cannot go on. It does not leave this package: [Parser] says it in the [Document].
final class BadSyntax extends Exception {
  private final transient Problem problem;

  BadSyntax(String message, Position at) {
    super(message);
    this.problem = new Problem(message, at);
  }

  Problem problem() {
    return problem;
  }
}
