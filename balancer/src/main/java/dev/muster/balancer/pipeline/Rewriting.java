package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.Groups;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.Instruction.Condition;
import dev.muster.balancer.config.Instruction.Flag;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.variable.Template;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rewrite phase: `set`, `if`, `rewrite`, `return`, `break`, one after another.
public final class Rewriting implements Step {
  private final List<Instruction> instructions;
  private final Function<LocationConfig, Location> locations;

  /// @param locations makes the locations that hold within an `if`
  public Rewriting(List<Instruction> instructions, Function<LocationConfig, Location> locations) {
    this.instructions = instructions;
    this.locations = locations;
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    Verdict verdict = run(instructions, request);
    return verdict == null ? Verdict.NEXT : verdict;
  }

  /// Null if everything was run.
  private @Nullable Verdict run(List<Instruction> program, Request request) {
    for (Instruction instruction : program) {
      Verdict verdict =
          switch (instruction) {
            case Instruction.Set(int slot, Template value) -> {
              request.assign(slot, value.text(request));
              yield null;
            }
            case Instruction.Return(int status, Optional<Template> text) ->
                returned(status, text, request);
            case Instruction.Rewrite rewrite -> rewritten(rewrite, request);
            case Instruction.Break _ -> Verdict.NEXT;
            case Instruction.If conditional -> branch(conditional, request);
          };
      if (verdict != null) {
        return verdict;
      }
    }
    return null;
  }

  private @Nullable Verdict branch(Instruction.If conditional, Request request) {
    if (!holds(conditional.condition(), request)) {
      return null;
    }
    Verdict verdict = run(conditional.then(), request);
    if (verdict != null || conditional.location().isEmpty()) {
      return verdict;
    }
    return new Verdict.In(locations.apply(conditional.location().get()));
  }

  private static boolean holds(Condition condition, Request request) {
    return switch (condition) {
      case Condition.IsSet(Template text) -> {
        String value = text.text(request);
        yield !value.isEmpty() && !value.equals("0");
      }
      case Condition.Equals(Template text, Template wanted, boolean isNegated) ->
          text.text(request).equals(wanted.text(request)) != isNegated;
      case Condition.Matches(Template text, Pattern pattern, Groups groups, boolean isNegated) -> {
        Matcher matcher = pattern.matcher(text.text(request));
        boolean isFound = matcher.find();
        if (isFound) {
          request.matched(matcher, groups.slots());
        }
        yield isFound != isNegated;
      }
    };
  }

  private static Verdict returned(int status, Optional<Template> text, Request request) {
    if (status == 444) {
      return Verdict.HANG_UP;
    }
    String said = text.map(it -> it.text(request)).orElse("");
    if (isRedirect(status)) {
      return redirect(status, said, request);
    }
    if (text.isEmpty()) {
      return Answer.of(status, "status " + status);
    }
    return new Answer(status, List.of(), "text/plain", said);
  }

  private static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  private static Answer redirect(int status, String where, Request request) {
    String absolute = where.startsWith("/") ? "http://" + request.authority() + where : where;
    return new Answer(
        status,
        List.of(new Answer.Line("Location", absolute)),
        "text/plain",
        "moved to " + absolute + "\n");
  }

  private static @Nullable Verdict rewritten(Instruction.Rewrite rewrite, Request request) {
    Matcher matcher = rewrite.pattern().matcher(request.uri());
    if (!matcher.find()) {
      return null;
    }
    request.matched(matcher, rewrite.groups().slots());
    String replaced = rewrite.replacement().text(request);
    boolean isElsewhere =
        replaced.startsWith("http://")
            || replaced.startsWith("https://")
            || replaced.startsWith("$scheme");
    String path = replaced;
    String query = request.args();
    int mark = replaced.indexOf('?');
    if (mark >= 0) {
      path = replaced.substring(0, mark);
      String own = replaced.substring(mark + 1);
      boolean isFinal = own.isEmpty() || query.isEmpty();
      query = isFinal ? own : own + "&" + query;
    }
    if (isElsewhere || rewrite.flag() == Flag.REDIRECT || rewrite.flag() == Flag.PERMANENT) {
      int status = rewrite.flag() == Flag.PERMANENT ? 301 : 302;
      return redirect(status, query.isEmpty() ? path : path + "?" + query, request);
    }
    request.rewrite(path, query);
    return switch (rewrite.flag()) {
      case LAST -> Verdict.SEARCH;
      case BREAK -> Verdict.NEXT;
      case NONE, REDIRECT, PERMANENT -> null;
    };
  }
}
