package dev.muster.registry.tree;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/// What the changes of one log entry share: the index they happen at, and who has to be woken once
/// they are visible. Owned by the thread that applies the log.
public final class Step {
  private final List<Watch> replaced;
  private long index;

  /// @param index of the state that is changed
  public Step(long index) {
    this(index, new ArrayList<>());
  }

  private Step(long index, List<Watch> replaced) {
    this.index = index;
    this.replaced = replaced;
  }

  /// A step whose changes nobody can be waiting for.
  public static Step unwatched(long index) {
    return new Step(index, new Discarded());
  }

  /// The index of the command that is being applied.
  public long index() {
    return index;
  }

  /// Begins the next command.
  public void advance() {
    index++;
  }

  /// How far this step has come, for [#rollBack].
  public int mark() {
    return replaced.size();
  }

  /// Forgets whom to wake for what was done since the mark, because it is undone.
  public void rollBack(int mark) {
    replaced.subList(mark, replaced.size()).clear();
  }

  List<Watch> replaced() {
    return replaced;
  }

  /// Wakes who waited for what was replaced; to be called once the new state is visible.
  public void wake() {
    replaced.forEach(Watch::fire);
  }

  /// Takes everything and keeps nothing.
  private static final class Discarded extends AbstractList<Watch> {
    @Override
    public boolean add(Watch watch) {
      return true;
    }

    @Override
    public Watch get(int position) {
      throw new IndexOutOfBoundsException(position);
    }

    @Override
    public int size() {
      return 0;
    }
  }
}
