package dev.muster.balancer.pipeline;

import dev.muster.balancer.config.Groups;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.Instruction.Condition;
import dev.muster.balancer.config.Instruction.Condition.Equals;
import dev.muster.balancer.config.Instruction.Condition.IsSet;
import dev.muster.balancer.config.Instruction.Condition.Matches;
import dev.muster.balancer.config.Instruction.Condition.OfFile;
import dev.muster.balancer.config.Instruction.FileTest;
import dev.muster.balancer.config.Instruction.Flag;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.variable.Template;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rewrite phase: `set`, `if`, `rewrite`, `return`, `break`, one after another. What follows an
/// `if` is done after what is within it; another search for a location, or the location of an `if`,
/// comes when all is done.
public final class Rewriting implements Step {
  private static final int HANG_UP = 444;

  private final List<Action> program;

  /// @param locations makes the locations that hold within an `if`
  public Rewriting(List<Instruction> instructions, Function<LocationConfig, Location> locations) {
    this.program = compile(instructions, locations);
  }

  /// One of the instructions, ready to be done. Returns the verdict that ends the phase, or null.
  private interface Action {
    @Nullable Verdict run(Request request, State state);
  }

  /// What was decided about one request so far.
  private static final class State {
    private boolean isChanged;
    private @Nullable Location inside;

    Verdict verdict() {
      if (isChanged) {
        return Verdict.SEARCH;
      }
      Location location = inside;
      return location == null ? Verdict.NEXT : new Verdict.In(location);
    }
  }

  private static List<Action> compile(
      List<Instruction> instructions, Function<LocationConfig, Location> locations) {
    List<Action> actions = new ArrayList<>();
    for (Instruction instruction : instructions) {
      actions.add(
          switch (instruction) {
            case Instruction.Set(int slot, Template value) ->
                (request, _) -> {
                  request.assign(slot, value.text(request));
                  return null;
                };
            case Instruction.Return(int status, Optional<Template> text) ->
                (request, _) -> returned(status, text, request);
            case Instruction.Rewrite rewrite -> new Replacing(rewrite);
            case Instruction.Break _ ->
                (_, state) -> {
                  state.isChanged = false;
                  return state.verdict();
                };
            case Instruction.If(var condition, var then, var location) ->
                branch(condition, compile(then, locations), location.map(locations));
          });
    }
    return List.copyOf(actions);
  }

  private static Action branch(
      Condition condition, List<Action> then, Optional<Location> location) {
    return (request, state) -> {
      if (!holds(condition, request)) {
        return null;
      }
      location.ifPresent(it -> state.inside = it);
      return run(then, request, state);
    };
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    State state = new State();
    Verdict verdict = run(program, request, state);
    return verdict == null ? state.verdict() : verdict;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  private static @Nullable Verdict run(List<Action> actions, Request request, State state) {
    for (int i = 0; i < actions.size(); i++) {
      Verdict verdict = actions.get(i).run(request, state);
      if (verdict != null) {
        return verdict;
      }
    }
    return null;
  }

  private static boolean holds(Condition condition, Request request) {
    return switch (condition) {
      case IsSet(Template text) -> {
        String value = text.text(request);
        yield !value.isEmpty() && !value.equals("0");
      }
      case Equals(Template text, Template wanted, boolean isNegated) ->
          text.text(request).equals(wanted.text(request)) != isNegated;
      case Matches(Template text, Pattern pattern, Groups groups, boolean isNegated) ->
          request.finds(pattern, groups.slots(), text.text(request)) != isNegated;
      case OfFile(Template path, FileTest test, boolean isNegated) ->
          holds(test, path.text(request)) != isNegated;
    };
  }

  // Asked on the loop, as nginx does: the answer is in the kernel's memory.
  private static boolean holds(FileTest test, String name) {
    byte[] octets = name.getBytes(StandardCharsets.ISO_8859_1);
    try {
      Path path = Path.of(new String(octets, StandardCharsets.UTF_8));
      return switch (test) {
        case FILE -> Files.isRegularFile(path);
        case DIRECTORY -> Files.isDirectory(path);
        case EXISTS -> Files.exists(path);
        case EXECUTABLE -> Files.isExecutable(path);
      };
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static Verdict returned(int status, Optional<Template> text, Request request) {
    if (status == HANG_UP) {
      return Verdict.HANG_UP;
    }
    String said = text.map(it -> it.text(request)).orElse("");
    if (isRedirect(status)) {
      return Redirects.to(status, said, request);
    }
    if (text.isEmpty() && status >= 400) {
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

  /// `rewrite`.
  private static final class Replacing implements Action {
    private final Instruction.Rewrite rewrite;
    private final Template path;
    private final @Nullable Template query;
    private final boolean keepsQuery;
    private final boolean isRedirect;

    Replacing(Instruction.Rewrite rewrite) {
      this.rewrite = rewrite;
      String source = rewrite.replacement().source();
      this.path = rewrite.replacement().before('?');
      this.keepsQuery = !source.endsWith("?");
      Template own = rewrite.replacement().after('?');
      this.query = own.source().isEmpty() ? null : keepsQuery ? own : own.before('?');
      this.isRedirect =
          rewrite.flag() == Flag.REDIRECT
              || rewrite.flag() == Flag.PERMANENT
              || source.startsWith("http://")
              || source.startsWith("https://")
              || source.startsWith("$scheme");
    }

    @Override
    public @Nullable Verdict run(Request request, State state) {
      if (!request.finds(rewrite.pattern(), rewrite.groups().slots(), request.uri())) {
        return null;
      }
      String args = args(request);
      if (isRedirect) {
        String where = quoted(path, request, Targets::encode);
        int status = rewrite.flag() == Flag.PERMANENT ? 301 : 302;
        return Redirects.to(status, args.isEmpty() ? where : where + "?" + args, request);
      }
      String replaced = path.text(request);
      if (replaced.isEmpty()) {
        return Answer.of(500, "the rewritten URI has a zero length");
      }
      request.rewrite(replaced, args);
      state.isChanged = rewrite.flag() != Flag.BREAK;
      request.leaveLocation(!state.isChanged);
      return rewrite.flag() == Flag.NONE ? null : state.verdict();
    }

    // As in nginx, groups of a path that was sent plain are put in as they are.
    private static String quoted(Template text, Request request, UnaryOperator<String> quoting) {
      return request.head().path().isQuoted() ? text.text(request, quoting) : text.text(request);
    }

    private String args(Request request) {
      Template own = query;
      String added = own == null ? "" : quoted(own, request, Targets::encodeArgument);
      String known = keepsQuery ? request.args() : "";
      return added.isEmpty() || known.isEmpty() ? added + known : added + "&" + known;
    }
  }
}
