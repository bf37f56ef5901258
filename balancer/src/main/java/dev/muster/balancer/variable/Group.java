package dev.muster.balancer.variable;

import dev.muster.balancer.request.Request;
import org.jspecify.annotations.Nullable;

/// `$1` to `$9`: a group of the last regular expression that matched.
record Group(int number) implements Variable {
  @Override
  public @Nullable String value(Request request) {
    return request.group(number);
  }
}
