package dev.muster.balancer.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The picker of one event loop: a strategy per pool, asked level by level.
final class LoopPicker implements Picker {
  private final Level[] levels;
  private final Strategy[] near;
  private final @Nullable Strategy[] far;
  private final List<Turns> turns = new ArrayList<>();

  /// @param loop shifts the first turns, so that loops do not take them in step
  /// @param before whose turns go on; null if there are none
  LoopPicker(List<Level> levels, Policy policy, int loop, @Nullable LoopPicker before) {
    this.levels = levels.toArray(Level[]::new);
    near = new Strategy[levels.size()];
    far = new Strategy[levels.size()];
    Map<String, Double> shares = new HashMap<>();
    if (before != null) {
      for (Turns old : before.turns) {
        old.saveTo(shares);
      }
    }
    for (int i = 0; i < near.length; i++) {
      Level level = this.levels[i];
      near[i] = strategy(level, level.near(), policy, loop, before == null ? null : shares);
      Pool farPool = level.far();
      if (farPool != null) {
        far[i] = strategy(level, farPool, policy, loop, before == null ? null : shares);
      }
    }
  }

  private Strategy strategy(
      Level level, Pool pool, Policy policy, int loop, @Nullable Map<String, Double> shares) {
    var own = new Turns(pool);
    turns.add(own);
    if (shares != null) {
      own.restoreFrom(shares);
    } else if (pool.size() > 0) {
      own.skip(loop % pool.size());
    }
    if (!level.hasWeight()) {
      return own;
    }
    KeyTable table = level.table();
    return switch (policy.algorithm()) {
      case ROUND_ROBIN -> own;
      case LEAST_REQUESTS -> new Least(pool, own, Measure.REQUESTS);
      case LEAST_TIME -> new Least(pool, own, Measure.TIME);
      case RANDOM -> new ByChance(pool, own, new Lottery(pool));
      case RANDOM_TWO_LEAST_REQUESTS -> new OfTwo(pool, own, new Lottery(pool), Measure.REQUESTS);
      case RANDOM_TWO_LEAST_TIME -> new OfTwo(pool, own, new Lottery(pool), Measure.TIME);
      case PEAK_EWMA -> new PeakEwma(pool, own, new Lottery(pool));
      case RING_HASH, MAGLEV, HASH, IP_HASH ->
          table == null ? own : table.strategy(pool, own, policy.loadFactor());
    };
  }

  @Override
  public int pick(Choice choice) {
    return pick(choice, false);
  }

  /// A dry pick changes nothing.
  int pick(Choice choice, boolean isDry) {
    for (int i = 0; i < near.length; i++) {
      int position = pick(i, choice, isDry);
      if (position >= 0) {
        return position;
      }
    }
    return isAnyFull(choice) ? FULL : NONE;
  }

  private int pick(int i, Choice choice, boolean isDry) {
    Level level = levels[i];
    Pool farPool = level.far();
    Strategy farStrategy = far[i];
    if (farPool == null || farStrategy == null) {
      return position(level.near(), near[i].pick(choice, isDry));
    }
    boolean isNearFirst =
        level.nearChance() >= 1 || choice.random().nextDouble() < level.nearChance();
    int position =
        isNearFirst
            ? position(level.near(), near[i].pick(choice, isDry))
            : position(farPool, farStrategy.pick(choice, isDry));
    if (position >= 0) {
      return position;
    }
    return isNearFirst
        ? position(farPool, farStrategy.pick(choice, isDry))
        : position(level.near(), near[i].pick(choice, isDry));
  }

  private static int position(Pool pool, int slot) {
    return slot < 0 ? NONE : pool.position(slot);
  }

  private boolean isAnyFull(Choice choice) {
    for (Level level : levels) {
      Pool farPool = level.far();
      if (isAnyFull(level.near(), choice) || (farPool != null && isAnyFull(farPool, choice))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAnyFull(Pool pool, Choice choice) {
    for (int slot = 0; slot < pool.size(); slot++) {
      if (pool.isFull(slot, choice)) {
        return true;
      }
    }
    return false;
  }
}
