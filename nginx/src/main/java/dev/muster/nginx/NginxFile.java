package dev.muster.nginx;

import dev.muster.balancer.config.Configuration;
import dev.muster.nginx.compile.Compilation;
import dev.muster.nginx.compile.Place;
import dev.muster.nginx.language.Check;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Document;
import dev.muster.nginx.language.Parser;
import dev.muster.nginx.language.Position;
import dev.muster.nginx.language.Problem;
import dev.muster.nginx.language.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A configuration in nginx's language, read from a file with everything it includes. Blocks for
/// reading files, asks no network.
///
/// @param configuration what it says; empty if there are errors, so that none is half served
/// @param settings what it says of the program that runs it
/// @param errors all of them, the one that nginx would say first
/// @param warnings what is accepted and not done, and what looks like a mistake
/// @param sources every file that was read, in order, for `-T`
public record NginxFile(
    Configuration configuration,
    Settings settings,
    List<Problem> errors,
    List<Problem> warnings,
    List<Source> sources) {
  /// Copies what it is given.
  public NginxFile {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
    sources = List.copyOf(sources);
  }

  /// Reads a file. The folder in `place` is not asked for: it is the file's own.
  public static NginxFile read(Path file, Place place) {
    return read(file, place, "");
  }

  /// Reads a file and directives for the top level from the command line.
  ///
  /// @param place as for [#read(Path, Place)]
  /// @param more the directives (`-g`), may be empty
  public static NginxFile read(Path file, Place place, String more) {
    Place own = place.in(folder(file));
    return of(Parser.commandLine(more, own.folder()), Parser.read(file), own);
  }

  /// Reads a text as if it were that file.
  public static NginxFile text(String text, Path file, Place place) {
    Place own = place.in(folder(file));
    return of(Parser.commandLine("", own.folder()), Parser.text(text, file), own);
  }

  private static Path folder(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /// Whether it can be used.
  public boolean isValid() {
    return errors.isEmpty();
  }

  private static NginxFile of(Document commandLine, Document document, Place place) {
    Optional<Problem> early = commandLine.broken();
    if (early.isPresent()) {
      return new NginxFile(
          Configuration.empty(),
          Settings.of(List.of()),
          List.of(early.get()),
          List.of(),
          document.sources());
    }
    List<Directive> directives = new ArrayList<>(commandLine.directives());
    directives.addAll(document.directives());
    Document whole = new Document(directives, document.sources(), document.broken());
    Check.Result checked = Check.of(whole);
    Compilation.Result compiled = Compilation.of(checked, place);
    List<Problem> warnings = new ArrayList<>(checked.warnings());
    warnings.addAll(compiled.warnings());
    List<Problem> errors = new ArrayList<>(checked.errors());
    document.broken().ifPresent(errors::remove);
    errors.addAll(compiled.errors());
    Map<Position, Integer> order = new HashMap<>();
    number(directives, order);
    errors.sort(Comparator.comparing(error -> order.getOrDefault(error.at(), order.size())));
    document.broken().ifPresent(errors::add);
    return new NginxFile(
        errors.isEmpty() ? compiled.configuration() : Configuration.empty(),
        Settings.of(directives),
        errors,
        warnings,
        document.sources());
  }

  /// Which line comes before which, included files where they are named.
  private static void number(List<Directive> directives, Map<Position, Integer> order) {
    for (Directive directive : directives) {
      order.putIfAbsent(directive.at(), order.size());
      number(directive.inside(), order);
    }
  }
}
