package dev.muster.balancer.pipeline;

import dev.muster.balancer.request.Request;
import java.util.HashSet;
import java.util.Set;

/// `limit_except`: for other methods, something else holds.
final class ExceptMethods implements Step {
  private final Set<String> methods;
  private final Location others;

  ExceptMethods(Set<String> methods, Location others) {
    Set<String> all = new HashSet<>(methods);
    if (all.contains("GET")) {
      all.add("HEAD");
    }
    this.methods = Set.copyOf(all);
    this.others = others;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    return request.isSubrequest() || methods.contains(request.method())
        ? Verdict.NEXT
        : new Verdict.In(others);
  }
}
