package dev.muster.balancer.dispatch;

/// Chooses the instance of one request. Belongs to one event loop; allocates nothing.
public interface Picker {
  /// No member may be taken.
  int NONE = -1;

  /// No member may be taken, but one could if it had fewer requests: worth waiting for.
  int FULL = -2;

  /// The index of the chosen member, or a negative number: [#NONE] or [#FULL]. Members that are
  /// unhealthy, draining or at their limit are left out here; everything else that speaks against
  /// one is [Choice#isEligible]'s to say. Between this and [Load#tryBegin] another loop may take
  /// the last place: count the member as tried then and pick again.
  int pick(Choice choice);
}
