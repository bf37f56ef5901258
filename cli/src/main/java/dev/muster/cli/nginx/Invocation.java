package dev.muster.cli.nginx;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What nginx's command line asks for. Letters may share a dash, values may be attached to theirs.
///
/// @param action what is to be done
/// @param isQuiet say nothing of a test that went well
/// @param prefix of the paths in a configuration (`-p`)
/// @param file the configuration (`-c`)
/// @param errorLog where messages go before the configuration is read (`-e`)
/// @param directives more of them, for the top level (`-g`)
record Invocation(
    Action action,
    boolean isQuiet,
    Optional<String> prefix,
    Optional<String> file,
    Optional<String> errorLog,
    String directives) {
  /// What there is to do.
  sealed interface Action {
    /// Serve.
    record Run() implements Action {}

    /// Read the configuration, and print it too (`-T`).
    record Test(boolean isDumped) implements Action {}

    /// Tell a running one (`-s`).
    record Tell(String word) implements Action {}

    /// Print the version, how it was built (`-V`), how it is called (`-h`).
    record Version(boolean isLong, boolean isHelp) implements Action {}
  }

  /// The command line makes no sense; the message is nginx's.
  static final class Misused extends Exception {
    Misused(String message) {
      super(message);
    }
  }

  private static final Set<String> WORDS = Set.of("stop", "quit", "reopen", "reload");

  static Invocation of(List<String> arguments) throws Misused {
    var reading = new Reading(arguments.iterator());
    while (reading.words.hasNext()) {
      reading.word(reading.words.next());
    }
    return reading.result();
  }

  private static final class Reading {
    private final Iterator<String> words;
    private Action action = new Action.Run();
    private boolean isQuiet;
    private boolean isVersion;
    private boolean isLong;
    private boolean isHelp;
    private Optional<String> prefix = Optional.empty();
    private Optional<String> file = Optional.empty();
    private Optional<String> errorLog = Optional.empty();
    private String directives = "";

    Reading(Iterator<String> words) {
      this.words = words;
    }

    void word(String word) throws Misused {
      if (!word.startsWith("-")) {
        throw new Misused("invalid option: \"" + word + "\"");
      }
      for (int at = 1; at < word.length(); at++) {
        String rest = word.substring(at + 1);
        switch (word.charAt(at)) {
          case '?', 'h' -> {
            isVersion = true;
            isHelp = true;
          }
          case 'v' -> isVersion = true;
          case 'V' -> {
            isVersion = true;
            isLong = true;
          }
          case 't' -> test(false);
          case 'T' -> test(true);
          case 'q' -> isQuiet = true;
          case 'p' -> {
            prefix = Optional.of(value(rest, "option \"-p\" requires directory name"));
            return;
          }
          case 'e' -> {
            errorLog = Optional.of(value(rest, "option \"-e\" requires file name"));
            return;
          }
          case 'c' -> {
            file = Optional.of(value(rest, "option \"-c\" requires file name"));
            return;
          }
          case 'g' -> {
            directives = value(rest, "option \"-g\" requires parameter");
            return;
          }
          case 's' -> {
            tell(value(rest, "option \"-s\" requires parameter"));
            return;
          }
          default -> throw new Misused("invalid option: \"" + word.charAt(at) + "\"");
        }
      }
    }

    private void test(boolean isDumped) {
      action = new Action.Test(isDumped || (action instanceof Action.Test(boolean was) && was));
    }

    private void tell(String word) throws Misused {
      if (!WORDS.contains(word)) {
        throw new Misused("invalid option: \"-s " + word + "\"");
      }
      if (!(action instanceof Action.Test)) {
        action = new Action.Tell(word);
      }
    }

    private String value(String rest, String complaint) throws Misused {
      if (!rest.isEmpty()) {
        return rest;
      }
      if (!words.hasNext()) {
        throw new Misused(complaint);
      }
      return words.next();
    }

    Invocation result() {
      // As nginx does it, -t beside -v tests after it has told the version: a rare wish.
      Action chosen =
          isVersion && !(action instanceof Action.Test)
              ? new Action.Version(isLong, isHelp)
              : action;
      return new Invocation(chosen, isQuiet, prefix, file, errorLog, directives);
    }
  }
}
