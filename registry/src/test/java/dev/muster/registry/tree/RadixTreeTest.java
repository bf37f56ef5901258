package dev.muster.registry.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RadixTreeTest {
  private static final int STEPS = 400;

  /// Few letters and short keys: splits, merges and keys that are prefixes of others are frequent.
  private static String key(Random random) {
    int length = random.nextInt(6);
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < length; i++) {
      key.append((char) ('a' + random.nextInt(3)));
    }
    return key.toString();
  }

  private static List<Integer> under(TreeMap<String, Integer> oracle, String prefix) {
    return oracle.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static void assertSame(RadixTree<Integer> tree, TreeMap<String, Integer> oracle) {
    assertThat(tree.size()).isEqualTo(oracle.size());
    TreeMap<String, Integer> held = new TreeMap<>();
    List<String> order = new ArrayList<>();
    tree.forEachUnder(
        "",
        (key, value) -> {
          held.put(key, value);
          order.add(key);
        });
    assertThat(held).isEqualTo(oracle);
    assertThat(order).isEqualTo(List.copyOf(oracle.keySet()));
  }

  @RepeatedTest(30)
  void holdsWhatASortedMapHolds(RepetitionInfo seed) {
    var random = new Random(seed.getCurrentRepetition());
    TreeMap<String, Integer> oracle = new TreeMap<>();
    RadixTree<Integer> tree = RadixTree.empty();
    Map<RadixTree<Integer>, TreeMap<String, Integer>> old = new IdentityHashMap<>();
    for (int step = 0; step < STEPS; step++) {
      String key = key(random);
      if (random.nextInt(3) > 0) {
        tree = tree.put(key, step, new ArrayList<>());
        oracle.put(key, step);
      } else {
        tree = tree.remove(key, new ArrayList<>());
        oracle.remove(key);
      }
      String asked = key(random);
      assertThat(tree.get(asked)).isEqualTo(oracle.get(asked));
      assertThat(tree.under(asked)).isEqualTo(under(oracle, asked));
      assertThat(tree.hasUnder(asked)).isEqualTo(!under(oracle, asked).isEmpty());
      if (step % 40 == 0) {
        old.put(tree, new TreeMap<>(oracle));
      }
    }
    assertSame(tree, oracle);
    old.forEach(RadixTreeTest::assertSame);
  }

  /// Whether the set was woken, without waiting.
  private static boolean woken(WatchSet watches) {
    try {
      return watches.await(0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// What somebody read, and waits to see change.
  private record Reader(
      String asked, Integer value, List<Integer> list, WatchSet ofKey, WatchSet ofPrefix) {

    static Reader of(RadixTree<Integer> tree, String asked) {
      WatchSet ofKey = new WatchSet();
      WatchSet ofPrefix = new WatchSet();
      Integer value = tree.get(asked, ofKey);
      return new Reader(asked, value, tree.under(asked, ofPrefix), ofKey, ofPrefix);
    }

    void check(RadixTree<Integer> now, String story) {
      Integer after = now.get(asked);
      String text = story + ", asked for " + asked;
      if (value != null) {
        assertThat(woken(ofKey)).as(text).isEqualTo(!value.equals(after));
      } else if (after != null) {
        assertThat(woken(ofKey)).as(text).isTrue();
      }
      if (!now.under(asked).equals(list)) {
        assertThat(woken(ofPrefix)).as(text).isTrue();
      }
    }

    boolean isAwake() {
      return woken(ofKey) || woken(ofPrefix);
    }
  }

  /// Readers wait through many changes: what they wait on must not be left behind by a split or a
  /// merge.
  @RepeatedTest(30)
  void aWatchNeverMissesAndAFoundKeyHearsOfItselfOnly(RepetitionInfo seed) {
    var random = new Random(1_000 + seed.getCurrentRepetition());
    RadixTree<Integer> tree = RadixTree.empty();
    List<Reader> readers = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      readers.removeIf(Reader::isAwake);
      readers.add(Reader.of(tree, key(random)));
      String key = key(random);
      List<Watch> replaced = new ArrayList<>();
      boolean puts = random.nextInt(3) > 0;
      tree = puts ? tree.put(key, step, replaced) : tree.remove(key, replaced);
      replaced.forEach(Watch::fire);
      for (Reader reader : readers) {
        reader.check(tree, "step %d: %s %s".formatted(step, puts ? "put" : "remove", key));
      }
    }
  }

  @Test
  void aPrefixDoesNotHearOfItsSiblings() {
    RadixTree<Integer> tree = RadixTree.empty();
    for (String key : List.of("app/a", "app/b", "web/a", "web/b")) {
      tree = tree.put(key, 1, new ArrayList<>());
    }
    WatchSet app = new WatchSet();
    tree.watch("app/", app);
    List<Watch> replaced = new ArrayList<>();
    tree.put("web/a", 2, replaced).put("web/c", 2, replaced).remove("web/b", replaced);
    replaced.forEach(Watch::fire);
    assertThat(woken(app)).isFalse();
  }

  @Test
  void aKeyThatWasNotThereRemovesNothing() {
    RadixTree<Integer> tree = RadixTree.<Integer>empty().put("ab", 1, new ArrayList<>());
    List<Watch> replaced = new ArrayList<>();
    assertThat(tree.remove("a", replaced)).isSameAs(tree);
    assertThat(tree.remove("abc", replaced)).isSameAs(tree);
    assertThat(replaced).isEmpty();
  }

  @Test
  void theWatchesOfAWholeTreeIncludeEveryReader() {
    RadixTree<Integer> tree = RadixTree.empty();
    for (String key : List.of("", "a", "ab", "b")) {
      tree = tree.put(key, 1, new ArrayList<>());
    }
    List<WatchSet> readers = new ArrayList<>();
    for (String key : List.of("", "a", "ab", "b", "zzz")) {
      WatchSet reader = new WatchSet();
      tree.get(key, reader);
      readers.add(reader);
      WatchSet lister = new WatchSet();
      tree.watch(key, lister);
      readers.add(lister);
    }
    List<Watch> all = new ArrayList<>();
    tree.collectWatches(all);
    all.forEach(Watch::fire);
    assertThat(readers).allMatch(RadixTreeTest::woken);
  }

  /// One node below the other, as deep as the longest path that the HTTP server takes.
  @Test
  void keysThatAreAllPrefixesOfEachOther() throws InterruptedException {
    int depth = 8 * 1024;
    String longest = "k".repeat(depth);
    List<Integer> found = new ArrayList<>();
    Runnable work =
        () -> {
          RadixTree<Integer> tree = RadixTree.empty();
          for (int length = 1; length <= depth; length += 8) {
            tree = tree.put(longest.substring(0, length), length, new ArrayList<>());
          }
          RadixTree<Integer> whole = tree;
          for (int length = depth - 7; length > depth - 800; length -= 8) {
            tree = tree.remove(longest.substring(0, length), new ArrayList<>());
          }
          tree.collectWatches(new ArrayList<>());
          found.add(tree.size());
          found.addAll(whole.under(""));
        };
    Thread thread = new Thread(null, work, "deep", 256 * 1024);
    thread.start();
    thread.join();
    assertThat(found).hasSize(depth / 8 + 1).startsWith(924, 1, 9).endsWith(depth - 7);
  }
}
