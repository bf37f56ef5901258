package dev.muster.nginx.language;

import dev.muster.nginx.language.Directives.Known;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compares a configuration with the table of directives. Says all that is wrong, not just the
/// first; one warning per name for what is accepted and not done.
public final class Check {
  /// What the check found.
  ///
  /// @param directives those that are left to be done: neither wrong nor without effect nor off
  /// @param isBare whether the configuration is the inside of an `http` block
  public record Result(
      List<Directive> directives, boolean isBare, List<Problem> errors, List<Problem> warnings) {
    /// Copies what it is given.
    public Result {
      directives = List.copyOf(directives);
      errors = List.copyOf(errors);
      warnings = List.copyOf(warnings);
    }
  }

  private final Directives table = Directives.table();
  private final List<Problem> errors = new ArrayList<>();
  private final Map<String, Problem> warnings = new LinkedHashMap<>();
  private final boolean isBare;

  private Check(boolean isBare) {
    this.isBare = isBare;
  }

  /// Whether a configuration has no `http {}` or other block of the top level, and so is read as if
  /// it stood in `http {}`.
  public static boolean isBare(List<Directive> directives) {
    return directives.stream()
        .noneMatch(
            each ->
                switch (each.name()) {
                  case "http", "events", "stream", "mail" -> true;
                  default -> false;
                });
  }

  /// Checks a whole configuration. What broke the reading off is the last error.
  public static Result of(Document document) {
    List<Directive> directives = document.directives();
    Check check = new Check(isBare(directives));
    List<Directive> fine = check.block(directives, check.isBare ? Context.HTTP : Context.MAIN);
    document.broken().ifPresent(check.errors::add);
    return new Result(fine, check.isBare, check.errors, List.copyOf(check.warnings.values()));
  }

  private List<Directive> block(List<Directive> directives, Context context) {
    Set<String> seen = new HashSet<>();
    List<Directive> fine = new ArrayList<>();
    for (Directive each : directives) {
      List<Known> named = table.named(each.name());
      Known known = here(named, context);
      if (named.isEmpty()) {
        errors.add(unknown(each));
      } else if (known == null) {
        errors.add(error("\"" + each.name() + "\" directive is not allowed here", each));
      } else if (!isNotWanted(each, known)
          && (known.entry().status() == Status.REFUSED || isWellFormed(each, known, seen))) {
        heed(each, known, context).ifPresent(fine::add);
      }
    }
    return fine;
  }

  /// Whether it turns off what is not there anyway; not so where off means more work.
  private static boolean isNotWanted(Directive directive, Known known) {
    boolean isAbsent =
        switch (known.entry().status()) {
          case OFF, REFUSED -> true;
          case DONE, DEVIATES, NO_EFFECT -> false;
        };
    boolean isOff = directive.size() == 1 && directive.word(0).equalsIgnoreCase("off");
    return isAbsent
        && isOff
        && directive.block().isEmpty()
        && !directive.name().equals("proxy_pass_request_headers")
        && known.arguments().accepts(1);
  }

  private @Nullable Known here(List<Known> named, Context context) {
    for (Known known : named) {
      if (known.entry().contexts().contains(context)) {
        return known;
      }
    }
    // Beside a server without http around it, what belongs to the top level is as good.
    return isBare && context == Context.HTTP ? inMain(named) : null;
  }

  private static @Nullable Known inMain(List<Known> named) {
    for (Known known : named) {
      if (known.entry().contexts().contains(Context.MAIN)) {
        return known;
      }
    }
    return null;
  }

  private boolean isWellFormed(Directive directive, Known known, Set<String> seen) {
    String name = directive.name();
    Arguments arguments = known.arguments();
    if (!arguments.isBlock() && directive.block().isPresent()) {
      errors.add(error("directive \"" + name + "\" is not terminated by \";\"", directive));
      return false;
    }
    if (arguments.isBlock() && directive.block().isEmpty()) {
      errors.add(error("directive \"" + name + "\" has no opening \"{\"", directive));
      return false;
    }
    if (!arguments.accepts(directive.size())) {
      errors.add(error("invalid number of arguments in \"" + name + "\" directive", directive));
      return false;
    }
    if (!arguments.isRepeated() && !seen.add(name)) {
      errors.add(error("\"" + name + "\" directive is duplicate", directive));
      return false;
    }
    Optional<String> complaint =
        directive.size() == 1 ? arguments.complaint(name, directive.word(0)) : Optional.empty();
    complaint.ifPresent(message -> errors.add(error(message, directive)));
    return complaint.isEmpty();
  }

  /// The directive as far as it is to be done.
  private Optional<Directive> heed(Directive directive, Known known, Context context) {
    Entry entry = known.entry();
    return switch (entry.status()) {
      case REFUSED -> {
        String message = "\"" + directive.name() + "\" directive is not supported";
        errors.add(new Problem(message, directive.at(), entry.note()));
        yield Optional.empty();
      }
      case NO_EFFECT -> {
        warn(directive, "has no effect here", entry.note());
        yield Optional.empty();
      }
      case OFF -> {
        warn(directive, "is not done here", entry.note());
        yield Optional.empty();
      }
      case DONE, DEVIATES -> Optional.of(inside(directive, known, context));
    };
  }

  private Directive inside(Directive directive, Known known, Context context) {
    if (!known.arguments().isBlock()) {
      return directive;
    }
    Context inside = context.inside(directive.name());
    List<Directive> fine =
        inside.isFree() ? entries(directive.inside()) : block(directive.inside(), inside);
    return new Directive(directive.name(), directive.words(), Optional.of(fine), directive.at());
  }

  private List<Directive> entries(List<Directive> entries) {
    entries.stream()
        .filter(entry -> entry.block().isPresent())
        .forEach(entry -> errors.add(error("unexpected \"{\"", entry)));
    return entries.stream().filter(entry -> entry.block().isEmpty()).toList();
  }

  private void warn(Directive directive, String what, String note) {
    warnings.putIfAbsent(
        directive.name(),
        new Problem("\"" + directive.name() + "\" directive " + what, directive.at(), note));
  }

  private Problem unknown(Directive directive) {
    String message = "unknown directive \"" + directive.name() + "\"";
    return new Problem(
        message,
        directive.at(),
        table
            .nearest(directive.name())
            .map(nearest -> "did you mean \"" + nearest + "\"?")
            .orElse(""));
  }

  private static Problem error(String message, Directive directive) {
    return new Problem(message, directive.at());
  }
}
