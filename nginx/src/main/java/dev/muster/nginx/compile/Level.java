package dev.muster.nginx.compile;

import dev.muster.nginx.language.Directive;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The directives of one block, and the blocks around it from which it inherits.
///
/// @param outer null for the outermost
record Level(@Nullable Level outer, List<Directive> own) {
  Level {
    own = List.copyOf(own);
  }

  /// The directive of that name here, or on the nearest level around that has one.
  Optional<Directive> find(String name) {
    for (Level level = this; level != null; level = level.outer) {
      for (Directive directive : level.own) {
        if (directive.name().equals(name)) {
          return Optional.of(directive);
        }
      }
    }
    return Optional.empty();
  }

  /// All of that name here, or on the nearest level around that has any: what is written here takes
  /// the place of all that is written around (nginx's rule for headers and the like).
  List<Directive> all(String name) {
    for (Level level = this; level != null; level = level.outer) {
      List<Directive> here = level.here(name);
      if (!here.isEmpty()) {
        return here;
      }
    }
    return List.of();
  }

  /// All with one of these names on the nearest level around that has any.
  List<Directive> anyOf(List<String> names) {
    for (Level level = this; level != null; level = level.outer) {
      List<Directive> here =
          level.own.stream().filter(directive -> names.contains(directive.name())).toList();
      if (!here.isEmpty()) {
        return here;
      }
    }
    return List.of();
  }

  /// All of that name here.
  List<Directive> here(String name) {
    return own.stream().filter(directive -> directive.name().equals(name)).toList();
  }

  /// The first of that name here.
  Optional<Directive> first(String name) {
    return own.stream().filter(directive -> directive.name().equals(name)).findFirst();
  }
}
