package dev.muster.nginx.language;

import java.util.Set;

/// A row of the table of directives.
///
/// @param arguments as it is written in the table
/// @param note how it deviates, or why it is off or refused; may be empty
public record Entry(
    String name, Set<Context> contexts, String arguments, Status status, String note) {
  public Entry {
    contexts = Set.copyOf(contexts);
  }
}
