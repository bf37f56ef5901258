package dev.muster.nginx.compile;

import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Position;
import dev.muster.nginx.language.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a compilation found wrong. A directive that several locations inherit is compiled for each
/// of them and told of once. One thread.
final class Findings {
  private final Set<Problem> errors = new LinkedHashSet<>();
  private final Set<Problem> warnings = new LinkedHashSet<>();

  void error(Directive directive, String message) {
    errors.add(new Problem(message, directive.at()));
  }

  void error(Directive directive, String message, String advice) {
    errors.add(new Problem(message, directive.at(), advice));
  }

  void error(Position at, String message) {
    errors.add(new Problem(message, at));
  }

  void warn(Directive directive, String message) {
    warnings.add(new Problem(message, directive.at()));
  }

  void warn(Position at, String message) {
    warnings.add(new Problem(message, at));
  }

  /// `invalid parameter "x"`, nginx's words for most of what it does not expect.
  void badParameter(Directive directive, String parameter) {
    error(directive, "invalid parameter \"" + parameter + "\"");
  }

  /// `"x" directive invalid value`.
  void badValue(Directive directive) {
    error(directive, "\"" + directive.name() + "\" directive invalid value");
  }

  List<Problem> errors() {
    return List.copyOf(errors);
  }

  List<Problem> warnings() {
    return List.copyOf(warnings);
  }
}
