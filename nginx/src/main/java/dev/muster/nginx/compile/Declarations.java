package dev.muster.nginx.compile;

import dev.muster.balancer.variable.Variables;
import dev.muster.nginx.language.Directive;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// The variables that a configuration makes up. In nginx a variable may be used above where it is
/// declared, so all are declared before anything is read.
record Declarations(Variables variables) {

  /// Declares what is assigned anywhere in here.
  void declare(List<Directive> directives) {
    for (Directive directive : directives) {
      switch (directive.name()) {
        case "set", "auth_request_set" -> assigned(directive);
        case "server_name", "location", "if", "rewrite" -> directive.texts().forEach(this::named);
        case "map" -> directive.inside().forEach(entry -> named(entry.name()));
        default -> {}
      }
      if (!directive.name().equals("map")) {
        declare(directive.inside());
      }
    }
  }

  private void assigned(Directive directive) {
    String word = directive.size() == 0 ? "" : directive.word(0);
    if (word.startsWith("$") && word.length() > 1 && !variables.isKnown(word.substring(1))) {
      variables.declareSlot(word.substring(1));
    }
  }

  /// Declares the named groups of what may be an expression.
  private void named(String word) {
    if (word.contains("(?")) {
      try {
        Regex.of(word.replaceFirst("^~\\*?", ""), false)
            .names()
            .values()
            .forEach(variables::declareSlot);
      } catch (PatternSyntaxException e) {
        // Whoever reads the directive says so.
        return;
      }
    }
  }
}
