package dev.muster.registry;

import static dev.muster.registry.Machine.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.tree.WatchSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class KeysTest {
  private final Machine machine = new Machine();

  private KeyEntry entry(String key) {
    return machine.view().keys().key(key, new WatchSet()).value().orElseThrow();
  }

  private boolean has(String key) {
    return !machine.view().keys().key(key, new WatchSet()).isAbsent();
  }

  private long indexUnder(String prefix) {
    return machine.view().keys().under(prefix, new WatchSet()).index();
  }

  @Test
  void compareAndSet() {
    assertThat(machine.apply(put("k", "a", 7L))).isEqualTo(new Reply.Unmet());
    assertThat(machine.apply(put("k", "a", 0L))).isEqualTo(new Reply.Done(2));
    assertThat(machine.apply(put("k", "b", 0L))).isEqualTo(new Reply.Unmet());
    assertThat(machine.apply(put("k", "b", 1L))).isEqualTo(new Reply.Unmet());
    assertThat(machine.apply(put("k", "b", 2L))).isEqualTo(new Reply.Done(5));
    assertThat(entry("k").value()).asString().isEqualTo("b");
    assertThat(entry("k").createIndex()).isEqualTo(2);
    assertThat(entry("k").modifyIndex()).isEqualTo(5);
  }

  @Test
  void compareAndDelete() {
    machine.apply(put("k", "a"));
    assertThat(machine.apply(new Command.DeleteKey("k", 0L))).isEqualTo(new Reply.Unmet());
    assertThat(machine.apply(new Command.DeleteKey("k", 9L))).isEqualTo(new Reply.Unmet());
    assertThat(has("k")).isTrue();
    assertThat(machine.apply(new Command.DeleteKey("k", 1L))).isInstanceOf(Reply.Done.class);
    assertThat(has("k")).isFalse();
    assertThat(machine.apply(new Command.DeleteKey("k", 1L)))
        .as("it is gone, as was asked")
        .isInstanceOf(Reply.Done.class);
  }

  @Test
  void writingWhatIsThereChangesNothing() throws InterruptedException {
    machine.apply(put("k", "a"));
    WatchSet watches = new WatchSet();
    machine.view().keys().key("k", watches);
    machine.apply(put("k", "a"));
    assertThat(watches.await(0)).isFalse();
    assertThat(entry("k").modifyIndex()).isEqualTo(1);
    machine.apply(new Command.PutKey("k", entry("k").value(), 5, null));
    assertThat(entry("k").modifyIndex()).as("other flags").isEqualTo(3);
  }

  @Test
  void flagsAreUnsignedAndAnEmptyBodyIsNoValue() {
    machine.apply(new Command.PutKey("k", null, -1L, null));
    assertThat(Long.toUnsignedString(entry("k").flags())).isEqualTo("18446744073709551615");
    assertThat(entry("k").value()).isNull();
  }

  @Test
  void keysAreExactEvenInCase() {
    machine.apply(put("K", "a"));
    assertThat(has("k")).isFalse();
    assertThat(has("K")).isTrue();
  }

  @Test
  void deletingAPrefixLeavesItsNeighbours() {
    for (String key : List.of("app", "app/a", "app/b", "apple", "b")) {
      machine.apply(put(key, "v"));
    }
    machine.apply(new Command.DeleteKeysUnder("app/"));
    assertThat(machine.view().keys().under("", new WatchSet()).value())
        .extracting(KeyEntry::key)
        .containsExactly("app", "apple", "b");
    machine.apply(new Command.DeleteKeysUnder(""));
    assertThat(machine.view().keys().under("", new WatchSet()).isAbsent()).isTrue();
  }

  @Test
  void aDeletionCountsForTheIndexOfItsPrefix() {
    machine.apply(put("app/a", "v"));
    machine.apply(put("app/b", "v"));
    machine.apply(new Command.DeleteKey("app/b", null));
    machine.apply(put("other", "v"));
    assertThat(indexUnder("app/")).isEqualTo(3);
    assertThat(indexUnder("app")).isEqualTo(3);
    assertThat(indexUnder("")).isEqualTo(4);
  }

  @RepeatedTest(20)
  void theIndexOfAPrefixNeverFallsAndMovesWithEveryChangeBelowIt(RepetitionInfo seed) {
    var random = new Random(seed.getCurrentRepetition());
    List<String> prefixes = List.of("", "a", "a/", "a/b", "b/", "zz");
    long[] last = new long[prefixes.size()];
    for (int step = 0; step < 300; step++) {
      List<List<KeyEntry>> before = lists(prefixes);
      String key = (random.nextBoolean() ? "a/" : "b/") + (char) ('a' + random.nextInt(4));
      switch (random.nextInt(5)) {
        case 0 -> machine.apply(new Command.DeleteKey(key, null));
        case 1 -> machine.apply(new Command.DeleteKeysUnder(key.substring(0, 2)));
        default -> machine.apply(put(key, Integer.toString(random.nextInt(3))));
      }
      List<List<KeyEntry>> after = lists(prefixes);
      for (int i = 0; i < last.length; i++) {
        long index = indexUnder(prefixes.get(i));
        assertThat(index).isGreaterThanOrEqualTo(last[i]);
        if (!before.get(i).equals(after.get(i))) {
          assertThat(index)
              .as("step %d, under %s", step, prefixes.get(i))
              .isEqualTo(machine.index());
        }
        last[i] = index;
      }
    }
  }

  private List<List<KeyEntry>> lists(List<String> prefixes) {
    List<List<KeyEntry>> lists = new ArrayList<>();
    prefixes.forEach(it -> lists.add(machine.view().keys().under(it, new WatchSet()).value()));
    return lists;
  }

  /// Beyond their limit, tombstones go all at once; then every prefix counts as changed.
  @Test
  void theIndexDoesNotFallWhenTombstonesAreThrownAway() {
    machine.apply(put("kept/a", "v"));
    machine.apply(put("kept/b", "v"));
    machine.apply(new Command.DeleteKey("kept/b", null));
    long before = indexUnder("kept/");
    for (int i = 0; i < 16_384; i++) {
      machine.apply(put("k" + i, ""));
    }
    machine.apply(new Command.DeleteKeysUnder("k"));
    assertThat(indexUnder("kept/")).isGreaterThan(before);
    machine.apply(put("kept/a", "v"));
    long after = indexUnder("kept/");
    machine.restore(machine.snapshot());
    assertThat(indexUnder("kept/")).isEqualTo(after);
  }
}
