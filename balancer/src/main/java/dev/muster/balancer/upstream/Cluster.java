package dev.muster.balancer.upstream;

import java.util.List;

/// A group of instances that requests are spread over. It lasts while its membership changes: a
/// request that waits asks it again. Thread-safe.
public final class Cluster {
  private final String name;
  private final int emptyStatus;
  private final int loops;
  private volatile Membership membership;

  /// An empty one.
  ///
  /// @param name for messages, such as `route /users`
  /// @param emptyStatus the answer when nobody is in it
  public Cluster(String name, int emptyStatus, int loops) {
    this.name = name;
    this.emptyStatus = emptyStatus;
    this.loops = loops;
    this.membership = new Membership(List.of(), loops);
  }

  /// What it is called in messages.
  public String name() {
    return name;
  }

  /// The status of the answer when nobody is in it.
  public int emptyStatus() {
    return emptyStatus;
  }

  /// Who is in it now.
  public Membership membership() {
    return membership;
  }

  /// Puts others in it; effective for the next try of any request.
  public void replace(List<Target> targets) {
    if (!membership.targets().equals(targets)) {
      membership = new Membership(targets, loops);
    }
  }
}
