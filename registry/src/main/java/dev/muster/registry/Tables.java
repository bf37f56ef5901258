package dev.muster.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The whole state of the registry at one index. Immutable; the trees of two successive states
/// share all that did not change.
///
/// @param nodes by [#key] of the name
/// @param services by [#key] of node and service id
/// @param servicesByName by [#key] of name, node and service id
/// @param checks by [#key] of node and check id
/// @param checksByService by [#key] of node, service id (empty: the node itself) and check id
/// @param serviceIndexes by service name: the last index at which an instance of it, a check of
///     an
///     instance, or a node under an instance changed; absent while there is no instance
/// @param tombstones by key: the index of its deletion, so that the index of a prefix never
///     falls
record Tables(
    Marks marks,
    RadixTree<Node> nodes,
    RadixTree<Service> services,
    RadixTree<Service> servicesByName,
    RadixTree<Check> checks,
    RadixTree<Check> checksByService,
    RadixTree<Long> serviceIndexes,
    RadixTree<KeyEntry> keys,
    RadixTree<Long> tombstones) {

  static final Tables EMPTY =
      new Tables(
          new Marks(0, 0, 0, 0, 0, 0, 0),
          RadixTree.empty(),
          RadixTree.empty(),
          RadixTree.empty(),
          RadixTree.empty(),
          RadixTree.empty(),
          RadixTree.empty(),
          RadixTree.empty(),
          RadixTree.empty());

  /// The last index at which each table changed.
  ///
  /// @param index of the last command applied, whether it changed anything or not
  /// @param extinction when any service last lost its last instance
  /// @param tombstoneFloor when tombstones were last thrown away: no prefix is older than that
  record Marks(
      long index,
      long nodes,
      long services,
      long checks,
      long keys,
      long extinction,
      long tombstoneFloor) {}

  /// Wakes everybody who waits for a part of this state, because another one takes its place.
  void abandon() {
    List<Watch> watches = new ArrayList<>();
    nodes.collectWatches(watches);
    services.collectWatches(watches);
    servicesByName.collectWatches(watches);
    checks.collectWatches(watches);
    checksByService.collectWatches(watches);
    serviceIndexes.collectWatches(watches);
    keys.collectWatches(watches);
    watches.forEach(Watch::fire);
  }

  /// Joins the parts by NUL, which no name may contain; ends with NUL, so that it is the prefix of
  /// exactly the keys that continue these parts. In lower case: the names of nodes, services and
  /// checks are found without regard to case, as Consul's are.
  static String key(String... parts) {
    StringBuilder key = new StringBuilder();
    for (String part : parts) {
      key.append(part.toLowerCase(Locale.ROOT)).append('\0');
    }
    return key.toString();
  }
}
