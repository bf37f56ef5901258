package dev.muster.balancer.variable;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A variable of nginx's language: what it stands for in one request. Thread-safe; evaluated on the
/// request's loop.
@FunctionalInterface
public interface Variable {
  /// Its value, octets as Latin-1 characters; null if it has none, which prints as nothing.
  @Nullable String value(Request request);

  /// Appends its value; for those whose octets need not become a string first.
  default void write(Request request, HeadWriter out) {
    String value = value(request);
    if (value != null && !value.isEmpty()) {
      out.write(value.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /// Whether it needs something noted that is not noted otherwise.
  default boolean asks(LateFact fact) {
    return false;
  }
}
