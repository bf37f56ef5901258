package dev.muster.nginx.compile;

import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.Instruction.Condition;
import dev.muster.balancer.config.Instruction.FileTest;
import dev.muster.balancer.config.Instruction.Flag;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.variable.Template;
import dev.muster.nginx.compile.Texts.Expression;
import dev.muster.nginx.language.Directive;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The rewrite module: `set`, `return`, `rewrite`, `break`, `if`.
///
/// @param within what else than instructions the block of an `if` says, if anything
record Rewrites(Texts texts, Function<Directive, Optional<LocationConfig>> within) {
  private static final Set<String> NAMES = Set.of("set", "return", "rewrite", "break", "if");

  /// Whether a directive is an instruction.
  static boolean isInstruction(String name) {
    return NAMES.contains(name);
  }

  /// The instructions among these directives, in order.
  List<Instruction> of(List<Directive> directives) {
    List<Instruction> instructions = new ArrayList<>();
    for (Directive directive : directives) {
      switch (directive.name()) {
        case "set" -> set(directive).ifPresent(instructions::add);
        case "return" -> returned(directive).ifPresent(instructions::add);
        case "rewrite" -> rewrite(directive).ifPresent(instructions::add);
        case "break" -> instructions.add(new Instruction.Break());
        case "if" -> conditional(directive).ifPresent(instructions::add);
        default -> {}
      }
    }
    return instructions;
  }

  private Optional<Instruction> set(Directive directive) {
    Optional<String> name = texts.declared(directive, directive.word(0));
    if (name.isEmpty()) {
      return Optional.empty();
    }
    boolean canBeSet = name.get().equals("args") || name.get().equals("limit_rate");
    if (!canBeSet && texts.isBuiltIn(name.get())) {
      texts.findings().error(directive, "the duplicate \"" + name.get() + "\" variable");
      return Optional.empty();
    }
    return Optional.of(
        new Instruction.Set(
            texts.variables().declareSlot(name.get()),
            texts.template(directive, directive.word(1))));
  }

  private Optional<Instruction> returned(Directive directive) {
    String first = directive.word(0);
    if (directive.size() == 1
        && (first.startsWith("http://")
            || first.startsWith("https://")
            || first.startsWith("$scheme"))) {
      return Optional.of(
          new Instruction.Return(302, Optional.of(texts.template(directive, first))));
    }
    boolean isCode = !first.isEmpty() && first.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!isCode || first.length() > 3) {
      texts.findings().error(directive, "invalid return code \"" + first + "\"");
      return Optional.empty();
    }
    int status = Integer.parseInt(first);
    if (status < 200) {
      texts.findings().error(directive, "invalid return code \"" + first + "\"", "from 200 to 999");
      return Optional.empty();
    }
    Optional<Template> text =
        directive.size() == 1
            ? Optional.empty()
            : Optional.of(texts.template(directive, directive.word(1)));
    return Optional.of(new Instruction.Return(status, text));
  }

  private Optional<Instruction> rewrite(Directive directive) {
    String replacement = directive.word(1);
    if (replacement.isEmpty()) {
      texts.findings().error(directive, "empty replacement");
      return Optional.empty();
    }
    boolean isElsewhere =
        replacement.startsWith("http://")
            || replacement.startsWith("https://")
            || replacement.startsWith("$scheme");
    Flag flag = isElsewhere ? Flag.REDIRECT : Flag.NONE;
    if (directive.size() == 3) {
      switch (directive.word(2)) {
        case "last" -> flag = isElsewhere ? Flag.REDIRECT : Flag.LAST;
        case "break" -> flag = isElsewhere ? Flag.REDIRECT : Flag.BREAK;
        case "redirect" -> flag = Flag.REDIRECT;
        case "permanent" -> flag = Flag.PERMANENT;
        default -> texts.findings().badParameter(directive, directive.word(2));
      }
    }
    Expression expression = texts.expression(directive, directive.word(0), false);
    return Optional.of(
        new Instruction.Rewrite(
            expression.pattern(),
            expression.groups(),
            texts.template(directive, replacement),
            flag));
  }

  private Optional<Instruction> conditional(Directive directive) {
    Optional<Condition> condition = condition(directive);
    List<Instruction> then = of(directive.inside());
    Optional<LocationConfig> location = within.apply(directive);
    return condition.map(it -> new Instruction.If(it, then, location));
  }

  /// The words between the brackets; the brackets may be words of their own or not.
  private Optional<Condition> condition(Directive directive) {
    List<String> words = new ArrayList<>(directive.texts());
    String first = words.getFirst();
    if (!first.startsWith("(")) {
      return bad(directive, first);
    }
    words.set(0, first.substring(1));
    if (words.getFirst().isEmpty()) {
      words.removeFirst();
    }
    if (words.isEmpty() || !words.getLast().endsWith(")")) {
      return bad(directive, words.isEmpty() ? ")" : words.getFirst());
    }
    String last = words.removeLast();
    if (last.length() > 1) {
      words.add(last.substring(0, last.length() - 1));
    }
    if (words.isEmpty()) {
      return bad(directive, ")");
    }
    return condition(directive, words);
  }

  private Optional<Condition> condition(Directive directive, List<String> words) {
    String subject = words.getFirst();
    if (subject.startsWith("$") && subject.length() > 1) {
      if (words.size() == 1) {
        return Optional.of(new Condition.IsSet(texts.template(directive, subject)));
      }
      if (words.size() != 3) {
        return bad(directive, subject);
      }
      return comparison(directive, texts.template(directive, subject), words.get(1), words.get(2));
    }
    boolean isNegated = subject.startsWith("!");
    Optional<FileTest> test =
        switch (isNegated ? subject.substring(1) : subject) {
          case "-f" -> Optional.of(FileTest.FILE);
          case "-d" -> Optional.of(FileTest.DIRECTORY);
          case "-e" -> Optional.of(FileTest.EXISTS);
          case "-x" -> Optional.of(FileTest.EXECUTABLE);
          default -> Optional.empty();
        };
    if (words.size() == 2 && test.isPresent()) {
      Template path = texts.template(directive, words.get(1));
      return Optional.of(new Condition.OfFile(path, test.get(), isNegated));
    }
    return bad(directive, subject);
  }

  private Optional<Condition> comparison(
      Directive directive, Template subject, String operator, String operand) {
    return switch (operator) {
      case "=" ->
          Optional.of(new Condition.Equals(subject, texts.template(directive, operand), false));
      case "!=" ->
          Optional.of(new Condition.Equals(subject, texts.template(directive, operand), true));
      case "~", "~*", "!~", "!~*" -> {
        Expression expression = texts.expression(directive, operand, operator.endsWith("*"));
        yield Optional.of(
            new Condition.Matches(
                subject, expression.pattern(), expression.groups(), operator.startsWith("!")));
      }
      default -> {
        texts.findings().error(directive, "unexpected \"" + operator + "\" in condition");
        yield Optional.empty();
      }
    };
  }

  private Optional<Condition> bad(Directive directive, String word) {
    texts.findings().error(directive, "invalid condition \"" + word + "\"");
    return Optional.empty();
  }
}
