package dev.muster.registry.catalog;

import java.util.Map;

/// A machine or server in the catalog. Names are unique without regard to case.
///
/// @param id a UUID, or empty where the registration gave none
/// @param createIndex the index at which it appeared
/// @param modifyIndex the index at which it last changed
public record Node(
    String name,
    String id,
    String address,
    Map<String, String> taggedAddresses,
    Map<String, String> meta,
    long createIndex,
    long modifyIndex) {
  public Node {
    taggedAddresses = Ordered.copy(taggedAddresses);
    meta = Ordered.copy(meta);
  }

  boolean saysTheSameAs(Node other) {
    return at(0, 0).equals(other.at(0, 0));
  }

  Node at(long create, long modify) {
    return new Node(name, id, address, taggedAddresses, meta, create, modify);
  }
}
