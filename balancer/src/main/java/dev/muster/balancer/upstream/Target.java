package dev.muster.balancer.upstream;

import dev.muster.balancer.dispatch.Member;

/// An instance as one cluster uses it.
///
/// @param member what it is chosen by
/// @param strip how many octets of the matched path are not sent to it
/// @param route what sessions call it; empty if it has no name
public record Target(Instance instance, Member member, int strip, String route) {
  /// One without a name.
  public Target(Instance instance, Member member, int strip) {
    this(instance, member, strip, "");
  }

  /// A healthy one with a weight and nothing else.
  public static Target of(Instance instance, int weight) {
    return new Target(instance, Member.of(instance.id(), instance.load(), weight), 0);
  }
}
