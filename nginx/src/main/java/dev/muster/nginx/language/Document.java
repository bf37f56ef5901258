package dev.muster.nginx.language;

import java.util.List;
import java.util.Optional;

/// A configuration with everything it includes.
///
/// @param directives all of them, or those up to where the reading broke off
/// @param sources the files in the order in which they were first opened
/// @param broken why the reading broke off: a file that cannot be read, or is not in this language
public record Document(List<Directive> directives, List<Source> sources, Optional<Problem> broken) {
  public Document {
    directives = List.copyOf(directives);
    sources = List.copyOf(sources);
  }
}
