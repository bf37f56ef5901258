package dev.muster.registry.tree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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
public final class RadixTree<V> {
  private final Branch<V> root;
  private final int size;

  private RadixTree(Branch<V> root, int size) {
    this.root = root;
    this.size = size;
  }

  public static <V> RadixTree<V> empty() {
    return new RadixTree<>(new Branch<>("", null, Branch.noEdges()), 0);
  }

  public int size() {
    return size;
  }

  public @Nullable V get(String key) {
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
  public @Nullable V get(String key, WatchSet watches) {
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
  public List<V> under(String prefix) {
    List<V> values = new ArrayList<>();
    forEachUnder(prefix, (_, value) -> values.add(value));
    return values;
  }

  /// As [#under(String)]; the set sees every change below the prefix.
  public List<V> under(String prefix, WatchSet watches) {
    watch(prefix, watches);
    return under(prefix);
  }

  /// Makes the set see every change below the prefix.
  public void watch(String prefix, WatchSet watches) {
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

  public boolean hasUnder(String prefix) {
    Branch<V> branch = branchOf(prefix);
    return branch != null && !branch.isEmpty();
  }

  public void forEachUnder(String prefix, BiConsumer<String, V> action) {
    Branch<V> branch = branchOf(prefix);
    if (branch != null) {
      branch.forEach(action);
    }
  }

  /// The tree with the value at the key; the step wakes who watched what that replaced.
  public RadixTree<V> put(String key, V value, Step step) {
    return put(key, value, step.replaced());
  }

  /// The tree without the key, as [#put(String, Object, Step)].
  public RadixTree<V> remove(String key, Step step) {
    return remove(key, step.replaced());
  }

  /// Wakes everybody who waits for a part of the tree, because another one takes its place.
  public void abandon() {
    List<Watch> watches = new ArrayList<>();
    collectWatches(watches);
    watches.forEach(Watch::fire);
  }

  /// Adds every watch of the tree.
  void collectWatches(List<Watch> watches) {
    root.collectWatches(watches);
  }

  /// The tree with the value at the key; what it replaces is added to `replaced`.
  RadixTree<V> put(String key, V value, List<Watch> replaced) {
    int grown = get(key) == null ? size + 1 : size;
    List<Branch<V>> way = new ArrayList<>();
    int at = walk(key, way, replaced);
    Branch<V> changed = put(way.removeLast(), at, new Leaf<>(key, value), replaced);
    while (!way.isEmpty()) {
      changed = way.removeLast().with(changed);
    }
    return new RadixTree<>(changed, grown);
  }

  /// The tree without the key; the same tree if it was not there.
  RadixTree<V> remove(String key, List<Watch> replaced) {
    if (get(key) == null) {
      return this;
    }
    List<Branch<V>> way = new ArrayList<>();
    walk(key, way, replaced);
    Branch<V> last = way.removeLast();
    if (last.leaf != null) {
      replaced.add(last.leaf.watch);
    }
    Branch<V> left = new Branch<>(last.prefix, null, last.edges);
    while (!way.isEmpty()) {
      Branch<V> compacted = left.compacted(replaced);
      Branch<V> above = way.removeLast();
      left = compacted == null ? above.without(last) : above.with(compacted);
      last = above;
    }
    return new RadixTree<>(left, size - 1);
  }

  /// Goes down as far as the key leads over whole edges, adding each node and its watch. Loops, as
  /// all here do: keys that are prefixes of each other make a tree deeper than a stack.
  ///
  /// @return how much of the key that is
  private int walk(String key, List<Branch<V>> way, List<Watch> replaced) {
    Branch<V> branch = root;
    int at = 0;
    while (true) {
      way.add(branch);
      replaced.add(branch.watch);
      Branch<V> next = at == key.length() ? null : branch.edge(key.charAt(at));
      if (next == null || !key.startsWith(next.prefix, at)) {
        return at;
      }
      at += next.prefix.length();
      branch = next;
    }
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

  /// The node with the leaf in it or right below it; `at` of the leaf's key lead to the node.
  private static <V> Branch<V> put(Branch<V> branch, int at, Leaf<V> leaf, List<Watch> replaced) {
    String key = leaf.key;
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
    replaced.add(next.watch);
    int shared = sharedLength(key, at, next.prefix);
    Branch<V> lower = next.withPrefix(next.prefix.substring(shared));
    String common = next.prefix.substring(0, shared);
    if (at + shared == key.length()) {
      return branch.with(new Branch<V>(common, leaf, Branch.noEdges()).with(lower));
    }
    Branch<V> added = new Branch<>(key.substring(at + shared), leaf, Branch.noEdges());
    return branch.with(new Branch<V>(common, null, Branch.noEdges()).with(lower).with(added));
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

    /// This node and all below it, each before those below it and in the order of their keys.
    private void forEachBranch(Consumer<Branch<V>> action) {
      Deque<Branch<V>> next = new ArrayDeque<>();
      next.push(this);
      while (!next.isEmpty()) {
        Branch<V> branch = next.pop();
        action.accept(branch);
        for (int i = branch.edges.length - 1; i >= 0; i--) {
          next.push(branch.edges[i]);
        }
      }
    }

    void collectWatches(List<Watch> watches) {
      forEachBranch(
          branch -> {
            watches.add(branch.watch);
            if (branch.leaf != null) {
              watches.add(branch.leaf.watch);
            }
          });
    }

    void forEach(BiConsumer<String, V> action) {
      forEachBranch(
          branch -> {
            if (branch.leaf != null) {
              action.accept(branch.leaf.key, branch.leaf.value);
            }
          });
    }
  }
}
