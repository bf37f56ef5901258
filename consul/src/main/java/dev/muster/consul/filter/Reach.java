package dev.muster.consul.filter;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The way from a slot to the values that a selector means: one, none, or several where it leads
/// through a list.
///
/// @param type of the values at its end
record Reach(int slot, List<Step> steps, Type type) {
  Reach {
    steps = List.copyOf(steps);
  }

  sealed interface Step {}

  record Member(Function<Object, ?> read) implements Step {}

  record Key(String key) implements Step {}

  record Index(int index) implements Step {}

  record AnyElement() implements Step {}

  /// Whether the test holds for any of the values; `ifAbsent` where the way ends early.
  boolean any(Object[] slots, Predicate<Object> test, boolean ifAbsent) {
    return any(slots[slot], 0, test, ifAbsent);
  }

  private boolean any(@Nullable Object value, int step, Predicate<Object> test, boolean ifAbsent) {
    if (value == null) {
      return ifAbsent;
    }
    if (step == steps.size()) {
      return test.test(value);
    }
    return switch (steps.get(step)) {
      case Member(Function<Object, ?> read) -> any(read.apply(value), step + 1, test, ifAbsent);
      case Key(String key) -> any(((Map<?, ?>) value).get(key), step + 1, test, ifAbsent);
      case Index(int index) -> {
        List<?> list = (List<?>) value;
        Object element = index < list.size() ? list.get(index) : null;
        yield any(element, step + 1, test, ifAbsent);
      }
      case AnyElement _ -> {
        for (Object element : (List<?>) value) {
          if (any(element, step + 1, test, ifAbsent)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }
}
