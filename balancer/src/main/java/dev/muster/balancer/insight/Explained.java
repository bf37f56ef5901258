package dev.muster.balancer.insight;

import dev.muster.balancer.insight.Description.Member;
import java.util.List;

/// What would become of a request, and why.
///
/// @param steps what would be found and decided, a sentence each, in order
/// @param listener the socket
/// @param server the virtual server; empty if none is asked
/// @param location empty if there is none
/// @param upstream empty if nobody is asked
/// @param instance the id of who would get it; empty if nobody would
/// @param status of the answer if it is the balancer's own; 0 if an instance answers
/// @param members how every instance of the upstream stands
public record Explained(
    List<String> steps,
    String listener,
    String server,
    String location,
    String upstream,
    String instance,
    int status,
    List<Member> members) {
  /// Copies the lists.
  public Explained {
    steps = List.copyOf(steps);
    members = List.copyOf(members);
  }
}
