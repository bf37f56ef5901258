package dev.muster.nginx.language;

/// Something wrong or doubtful in a configuration.
///
/// @param message in nginx's words where nginx has words for it
/// @param advice what to do, in our words; may be empty
public record Problem(String message, Position at, String advice) {
  /// A problem that explains itself.
  public Problem(String message, Position at) {
    this(message, at, "");
  }

  /// The line for people: `message in FILE:LINE (advice)`, without nginx's `nginx: [emerg] `.
  public String text() {
    return message + at.suffix() + (advice.isEmpty() ? "" : " (" + advice + ")");
  }
}
