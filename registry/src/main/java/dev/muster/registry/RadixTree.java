package dev.muster.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An immutable map from strings to values, ordered by key, in which every part can be watched.
///
/// A radix tree: the edges of a node start with different characters and a node holds the longest
/// prefix that its keys share. A change copies the nodes from the root to the key and shares the
/// rest, so a reader holding an old root is never disturbed. Each node and each leaf carries a
/// [Watch]; the watches of all that a change replaced are collected by the caller and fired once
/// the new root is visible. Hence a watch on a key wakes for that key only, one on a prefix for
/// whatever changes below it. A key that is absent is watched at the deepest node on its way: it
/// may wake for a neighbour, never too rarely. (The idea is that of the trees inside Consul's own
/// store.)
///
/// Keys compare by UTF-16 unit. Not supported: null keys or values.
final class RadixTree<V> {
  private final Branch<V> root;
  private final int size;

  private RadixTree(Branch<V> root, int size) {
    this.root = root;
    this.size = size;
  }

  static <V> RadixTree<V> empty() {
    return new RadixTree<>(new Branch<>("", null, Branch.noEdges()), 0);
  }

  int size() {
    return size;
  }

  @Nullable V get(String key) {
    Branch<V> branch = root;
    int at = 0;
    while (true) {
      if (at == key.length()) {
        return branch.leaf == null ? null : branch.leaf.value;
      }
      Branch<V> next = branch.edge(key.charAt(at));
      if (next == null || !key.startsWith(next.prefix, at)) {
        return null;
      }
      at += next.prefix.length();
      branch = next;
    }
  }

  /// The value at the key, whose change (or appearance) the set will see.
  @Nullable V get(String key, WatchSet watches) {
    Branch<V> branch = root;
    int at = 0;
    while (true) {
      if (at == key.length() && branch.leaf != null) {
        watches.add(branch.leaf.watch);
        return branch.leaf.value;
      }
      Branch<V> next = at == key.length() ? null : branch.edge(key.charAt(at));
      if (next == null || !key.startsWith(next.prefix, at)) {
        watches.add(branch.watch);
        return null;
      }
      at += next.prefix.length();
      branch = next;
    }
  }

  /// All values whose key starts with the prefix, in order of their keys.
  List<V> under(String prefix) {
    List<V> values = new ArrayList<>();
    forEachUnder(prefix, (_, value) -> values.add(value));
    return values;
  }

  /// As [#under(String)]; the set sees every change below the prefix.
  List<V> under(String prefix, WatchSet watches) {
    watch(prefix, watches);
    return under(prefix);
  }

  /// Makes the set see every change below the prefix.
  void watch(String prefix, WatchSet watches) {
    Branch<V> branch = root;
    int at = 0;
    while (at < prefix.length()) {
      Branch<V> next = branch.edge(prefix.charAt(at));
      if (next == null || !sharesWay(next, prefix, at)) {
        break;
      }
      at += next.prefix.length();
      branch = next;
    }
    watches.add(branch.watch);
  }

  boolean hasUnder(String prefix) {
    Branch<V> branch = branchOf(prefix);
    return branch != null && !branch.isEmpty();
  }

  void forEachUnder(String prefix, BiConsumer<String, V> action) {
    Branch<V> branch = branchOf(prefix);
    if (branch != null) {
      branch.forEach(action);
    }
  }

  /// Adds every watch of the tree, for when the whole of it is replaced.
  void collectWatches(List<Watch> watches) {
    root.collectWatches(watches);
  }

  /// The tree with the value at the key; what it replaces is added to `replaced`.
  RadixTree<V> put(String key, V value, List<Watch> replaced) {
    int grown = get(key) == null ? size + 1 : size;
    return new RadixTree<>(put(root, key, 0, new Leaf<>(key, value), replaced), grown);
  }

  /// The tree without the key; the same tree if it was not there.
  RadixTree<V> remove(String key, List<Watch> replaced) {
    if (get(key) == null) {
      return this;
    }
    Branch<V> left = remove(root, key, 0, replaced);
    return new RadixTree<>(left == null ? RadixTree.<V>empty().root : left, size - 1);
  }

  /// The node that all keys with the prefix, and no others, are under; null if there are none.
  private @Nullable Branch<V> branchOf(String prefix) {
    Branch<V> branch = root;
    int at = 0;
    while (at < prefix.length()) {
      Branch<V> next = branch.edge(prefix.charAt(at));
      if (next == null || !sharesWay(next, prefix, at)) {
        return null;
      }
      at += next.prefix.length();
      branch = next;
    }
    return branch;
  }

  private static <V> boolean sharesWay(Branch<V> next, String prefix, int at) {
    int length = Math.min(next.prefix.length(), prefix.length() - at);
    return prefix.regionMatches(at, next.prefix, 0, length);
  }

  private static <V> Branch<V> put(
      Branch<V> branch, String key, int at, Leaf<V> leaf, List<Watch> replaced) {
    replaced.add(branch.watch);
    if (at == key.length()) {
      if (branch.leaf != null) {
        replaced.add(branch.leaf.watch);
      }
      return new Branch<>(branch.prefix, leaf, branch.edges);
    }
    Branch<V> next = branch.edge(key.charAt(at));
    if (next == null) {
      return branch.with(new Branch<>(key.substring(at), leaf, Branch.noEdges()));
    }
    int shared = sharedLength(key, at, next.prefix);
    if (shared == next.prefix.length()) {
      return branch.with(put(next, key, at + shared, leaf, replaced));
    }
    replaced.add(next.watch);
    Branch<V> lower = next.withPrefix(next.prefix.substring(shared));
    String common = next.prefix.substring(0, shared);
    if (at + shared == key.length()) {
      return branch.with(new Branch<V>(common, leaf, Branch.noEdges()).with(lower));
    }
    Branch<V> added = new Branch<>(key.substring(at + shared), leaf, Branch.noEdges());
    return branch.with(new Branch<V>(common, null, Branch.noEdges()).with(lower).with(added));
  }

  private static <V> @Nullable Branch<V> remove(
      Branch<V> branch, String key, int at, List<Watch> replaced) {
    replaced.add(branch.watch);
    if (at == key.length()) {
      if (branch.leaf != null) {
        replaced.add(branch.leaf.watch);
      }
      Branch<V> bare = new Branch<>(branch.prefix, null, branch.edges);
      return at == 0 ? bare : bare.compacted(replaced);
    }
    Branch<V> next = branch.edge(key.charAt(at));
    if (next == null) {
      return branch;
    }
    Branch<V> left = remove(next, key, at + next.prefix.length(), replaced);
    Branch<V> copy = left == null ? branch.without(next) : branch.with(left);
    return at == 0 ? copy : copy.compacted(replaced);
  }

  private static int sharedLength(String key, int at, String prefix) {
    int limit = Math.min(key.length() - at, prefix.length());
    int length = 0;
    while (length < limit && key.charAt(at + length) == prefix.charAt(length)) {
      length++;
    }
    return length;
  }

  private static final class Leaf<V> {
    final String key;
    final V value;
    final Watch watch = new Watch();

    Leaf(String key, V value) {
      this.key = key;
      this.value = value;
    }
  }

  /// A node of the tree. Invariant: edges are sorted by the first character of their prefix, which
  /// differs between them and is never empty; only the root may have neither leaf nor two edges.
  private static final class Branch<V> {
    private static final Branch<?>[] NO_EDGES = {};

    final String prefix;
    final @Nullable Leaf<V> leaf;
    final Branch<V>[] edges;
    final Watch watch = new Watch();

    Branch(String prefix, @Nullable Leaf<V> leaf, Branch<V>[] edges) {
      this.prefix = prefix;
      this.leaf = leaf;
      this.edges = edges;
    }

    @SuppressWarnings("unchecked") // an empty array holds nothing of another type
    static <V> Branch<V>[] noEdges() {
      return (Branch<V>[]) NO_EDGES;
    }

    @Nullable Branch<V> edge(char first) {
      int position = position(first);
      return position < 0 ? null : edges[position];
    }

    boolean isEmpty() {
      return leaf == null && edges.length == 0;
    }

    private int position(char first) {
      int low = 0;
      int high = edges.length - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int order = Character.compare(edges[middle].prefix.charAt(0), first);
        if (order == 0) {
          return middle;
        }
        if (order < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return -low - 1;
    }

    Branch<V> with(Branch<V> edge) {
      int position = position(edge.prefix.charAt(0));
      Branch<V>[] copy;
      if (position >= 0) {
        copy = edges.clone();
        copy[position] = edge;
      } else {
        int insertion = -position - 1;
        copy = Arrays.copyOf(edges, edges.length + 1);
        System.arraycopy(edges, insertion, copy, insertion + 1, edges.length - insertion);
        copy[insertion] = edge;
      }
      return new Branch<>(prefix, leaf, copy);
    }

    Branch<V> without(Branch<V> edge) {
      int position = position(edge.prefix.charAt(0));
      Branch<V>[] copy = Arrays.copyOf(edges, edges.length - 1);
      System.arraycopy(edges, position + 1, copy, position, edges.length - position - 1);
      return new Branch<>(prefix, leaf, copy);
    }

    Branch<V> withPrefix(String other) {
      return new Branch<>(other, leaf, edges);
    }

    /// Null for a node that holds nothing; a node with one edge and no leaf merges with it.
    @Nullable Branch<V> compacted(List<Watch> replaced) {
      if (leaf != null || edges.length > 1) {
        return this;
      }
      if (edges.length == 0) {
        return null;
      }
      Branch<V> only = edges[0];
      replaced.add(only.watch);
      return new Branch<>(prefix + only.prefix, only.leaf, only.edges);
    }

    void collectWatches(List<Watch> watches) {
      watches.add(watch);
      if (leaf != null) {
        watches.add(leaf.watch);
      }
      for (Branch<V> edge : edges) {
        edge.collectWatches(watches);
      }
    }

    void forEach(BiConsumer<String, V> action) {
      if (leaf != null) {
        action.accept(leaf.key, leaf.value);
      }
      for (Branch<V> edge : edges) {
        edge.forEach(action);
      }
    }
  }
}
