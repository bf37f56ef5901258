package dev.muster.balancer.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A cluster at one moment: its members and how to choose among them. Immutable as far as anyone
/// can see, and shared by all loops; each loop keeps its own turns in a slot of its own.
///
/// A pick goes through the levels: members with weight by priority, then those without weight by
/// priority. Within a level the own zone comes first as far as its healthy members go.
public final class Members {
  /// How well a cluster is off.
  public enum Kind {
    /// Healthy primaries take the requests.
    NORMAL,
    /// Too few members of a level are healthy: all of it is used.
    PANIC,
    /// No primary is healthy: backups take the requests.
    BACKUP,
    /// There is nobody to take a request.
    EMPTY
  }

  /// How well a cluster is off, in a word and in a sentence.
  public record State(Kind kind, String sentence) {}

  private final List<Member> members;
  private final Policy policy;
  private final State state;
  private final List<Level> levels;

  /// A slot is written and read by its loop only.
  private final @Nullable LoopPicker[] pickers;

  /// What each loop chose with last, whatever the snapshot; slots as above, shared by all
  /// snapshots of a cluster, so that none holds on to those before it.
  private final @Nullable LoopPicker[] latest;

  private Members(
      List<Member> members,
      Policy policy,
      State state,
      List<Level> levels,
      @Nullable LoopPicker[] latest) {
    this.members = members;
    this.policy = policy;
    this.state = state;
    this.levels = levels;
    this.pickers = new LoopPicker[latest.length];
    this.latest = latest;
  }

  /// A snapshot. Any thread may build it; the loops then see it by way of whoever publishes it.
  ///
  /// @param loops how many event loops will ask
  /// @param previous the cluster until now, whose turns go on and whose hash tables are kept if
  ///     the members did not change; null for a new cluster
  public static Members of(
      List<Member> members, Policy policy, int loops, @Nullable Members previous) {
    List<Member> copy = List.copyOf(members);
    var byPriority = new TreeMap<Integer, List<Integer>>();
    var weightless = new TreeMap<Integer, List<Integer>>();
    for (int i = 0; i < copy.size(); i++) {
      Member member = copy.get(i);
      var group = member.weight() > 0 ? byPriority : weightless;
      group.computeIfAbsent(member.priority(), key -> new ArrayList<>()).add(i);
    }
    boolean isAnyHealthy = copy.stream().anyMatch(m -> m.isHealthy() && !m.isDraining());
    var levels = new ArrayList<Level>();
    byPriority.forEach(
        (priority, positions) ->
            levels.add(
                Level.of(
                    copy, positions, priority, policy, isAnyHealthy, levels.size(), previous)));
    weightless.forEach(
        (priority, positions) -> levels.add(Level.weightless(copy, positions, priority)));
    @Nullable LoopPicker[] latest =
        previous != null && previous.latest.length == loops
            ? previous.latest
            : new LoopPicker[loops];
    return new Members(copy, policy, Level.state(copy, levels), List.copyOf(levels), latest);
  }

  /// The members in the order given.
  public List<Member> members() {
    return members;
  }

  /// How it chooses.
  public Policy policy() {
    return policy;
  }

  /// How well it is off, by what the members' checks say.
  public State state() {
    return state;
  }

  /// The loop's own; to be called on that loop, as its picks.
  public Picker picker(int loop) {
    LoopPicker picker = pickers[loop];
    if (picker == null) {
      picker = new LoopPicker(levels, policy, loop, latest[loop]);
      pickers[loop] = picker;
      latest[loop] = picker;
    }
    return picker;
  }

  /// Which member a request would get from that loop, and what speaks for and against each,
  /// without changing anything. May be called on any thread; while requests run it is as exact as
  /// such a thing can be. Where chance decides, the answer is one of several.
  public Explanation explain(int loop, Choice choice) {
    LoopPicker picker = pickers[loop];
    if (picker == null) {
      picker = new LoopPicker(levels, policy, loop, latest[loop]);
    }
    return Explanation.of(this, picker.pick(choice, true), choice);
  }

  List<Level> levels() {
    return levels;
  }
}
