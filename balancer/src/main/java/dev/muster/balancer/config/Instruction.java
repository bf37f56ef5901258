package dev.muster.balancer.config;

import dev.muster.balancer.variable.Template;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A step of the rewrite phase (nginx's rewrite module).
public sealed interface Instruction {
  /// `set $variable value`.
  ///
  /// @param slot where a request keeps the variable
  /// @param value what it becomes
  record Set(int slot, Template value) implements Instruction {}

  /// `return status [text|url]`.
  ///
  /// @param status the answer's, 444 to close without one
  /// @param text the body, or where to go for 301, 302, 303, 307 and 308
  record Return(int status, Optional<Template> text) implements Instruction {}

  /// `rewrite regex replacement [flag]`.
  ///
  /// @param pattern searched in the path
  /// @param groups its named groups
  /// @param replacement what the path becomes, or where to go
  /// @param flag what then
  record Rewrite(Pattern pattern, Groups groups, Template replacement, Flag flag)
      implements Instruction {}

  /// What follows a rewrite that matched.
  enum Flag {
    /// The next instruction.
    NONE,
    /// Another search for a location.
    LAST,
    /// This location, without further instructions.
    BREAK,
    /// 302 to the client.
    REDIRECT,
    /// 301 to the client.
    PERMANENT
  }

  /// `break`.
  record Break() implements Instruction {}

  /// `if (condition) { … }`.
  ///
  /// @param condition what is asked
  /// @param then the instructions within
  /// @param location what holds instead from there on, if anything else than instructions is
  ///     within
  record If(Condition condition, List<Instruction> then, Optional<LocationConfig> location)
      implements Instruction {
    /// Copies what it is given.
    public If {
      then = List.copyOf(then);
    }
  }

  /// What `if` asks.
  sealed interface Condition {
    /// Whether text is neither empty nor 0.
    ///
    /// @param text usually a variable
    record IsSet(Template text) implements Condition {}

    /// `=` and `!=`.
    ///
    /// @param text usually a variable
    /// @param wanted what it is compared with
    /// @param isNegated for `!=`
    record Equals(Template text, Template wanted, boolean isNegated) implements Condition {}

    /// `~`, `~*`, `!~` and `!~*`.
    ///
    /// @param text usually a variable
    /// @param pattern searched in it
    /// @param groups its named groups
    /// @param isNegated for `!~` and `!~*`
    record Matches(Template text, Pattern pattern, Groups groups, boolean isNegated)
        implements Condition {}

    /// `-f`, `-d`, `-e`, `-x` and their negations.
    ///
    /// @param path of a file
    /// @param test what is asked about it
    /// @param isNegated for `!-f` and so on
    record OfFile(Template path, FileTest test, boolean isNegated) implements Condition {}
  }

  /// What `if` asks about a file.
  enum FileTest {
    /// `-f`: whether it is a plain file.
    FILE,
    /// `-d`: whether it is a directory.
    DIRECTORY,
    /// `-e`: whether there is anything of that name.
    EXISTS,
    /// `-x`: whether it may be run.
    EXECUTABLE
  }
}
