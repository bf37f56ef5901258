package dev.muster.registry.event;

import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.Step;

/// One step from a state of the events to the next. Owned by the thread that applies the log.
public final class EventsChange {
  private final Step step;
  private long time;
  private RadixTree<Event> kept;

  public EventsChange(Events from, Step step) {
    this.step = step;
    time = from.time();
    kept = from.kept();
  }

  public Events events() {
    return new Events(time, kept);
  }

  /// Keeps an event, and drops the oldest if there are too many.
  public void fire(Event event) {
    time++;
    load(event.at(time));
    kept = kept.remove(key(time - Events.KEPT_MAX), step);
  }

  /// Takes an event from a snapshot, as it is.
  public void load(Event event) {
    kept = kept.put(key(event.time()), event, step);
  }

  private static String key(long time) {
    return "%016x".formatted(time);
  }
}
