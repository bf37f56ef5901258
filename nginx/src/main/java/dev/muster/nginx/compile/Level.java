package dev.muster.nginx.compile;

import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.time.Duration;
import java.util.ArrayList;
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

  /// The directive of the nearest level around that has one of these.
  Optional<Directive> nearest(String name, String other) {
    List<Directive> found = anyOf(List.of(name, other));
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
  }

  /// All of that name as [#all] has them; where another directive says `merge`, with those of the
  /// levels around (`add_header_inherit`).
  List<Directive> merged(String name, String inheritance) {
    String how = find(inheritance).map(it -> it.word(0)).orElse("on");
    if (how.equals("off")) {
      return here(name);
    }
    if (how.equals("on") || outer == null) {
      return all(name);
    }
    List<Directive> both = new ArrayList<>(outer.merged(name, inheritance));
    both.addAll(here(name));
    return both;
  }

  /// All of that name here.
  List<Directive> here(String name) {
    return own.stream().filter(directive -> directive.name().equals(name)).toList();
  }

  /// The first of that name here.
  Optional<Directive> first(String name) {
    return own.stream().filter(directive -> directive.name().equals(name)).findFirst();
  }

  /// A time that [dev.muster.nginx.language.Check] found well formed, or what holds without.
  Duration time(String name, Duration otherwise) {
    return find(name).flatMap(it -> Quantity.time(it.word(0))).orElse(otherwise);
  }

  /// A number, or what holds without.
  int number(String name, int otherwise) {
    return find(name).map(it -> Quantity.number(it.word(0)).orElse(otherwise)).orElse(otherwise);
  }

  /// A size, or what holds without.
  long bytes(String name, long otherwise) {
    return find(name).map(it -> Quantity.bytes(it.word(0)).orElse(otherwise)).orElse(otherwise);
  }

  /// A switch, or what holds without.
  boolean flag(String name, boolean otherwise) {
    return find(name).flatMap(it -> Quantity.onOff(it.word(0))).orElse(otherwise);
  }
}
