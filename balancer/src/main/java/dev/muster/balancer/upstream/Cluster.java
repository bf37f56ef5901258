package dev.muster.balancer.upstream;

import dev.muster.balancer.observe.TryTraffic;
import java.util.List;

/// A group of instances that requests are spread over. It lasts while its membership and its rules
/// change: a request that waits asks it again. Thread-safe.
public final class Cluster {
  private final String name;
  private final int emptyStatus;
  private final int loops;
  private volatile Rules rules;
  private final TryTraffic traffic = new TryTraffic();
  private volatile Membership membership;

  /// An empty one.
  ///
  /// @param name for messages, such as `route /users`
  /// @param emptyStatus the answer when nobody is in it
  public Cluster(String name, int emptyStatus, int loops, Rules rules) {
    this.name = name;
    this.emptyStatus = emptyStatus;
    this.loops = loops;
    this.rules = rules;
    this.membership = new Membership(List.of(), rules, loops, null);
  }

  /// What it is called in messages.
  public String name() {
    return name;
  }

  /// The status of the answer when nobody is in it.
  public int emptyStatus() {
    return emptyStatus;
  }

  /// How it chooses and what it allows.
  public Rules rules() {
    return rules;
  }

  /// What its instances were asked for it, and how it went.
  public TryTraffic traffic() {
    return traffic;
  }

  /// Who is in it now.
  public Membership membership() {
    return membership;
  }

  /// Puts others in it; effective for the next try of any request.
  public void replace(List<Target> targets) {
    replace(targets, rules);
  }

  /// The same with other rules.
  public synchronized void replace(List<Target> targets, Rules others) {
    boolean isSame = rules.equals(others) && membership.targets().equals(targets);
    if (!isSame) {
      rules = others;
      membership = new Membership(targets, others, loops, membership);
    }
  }
}
