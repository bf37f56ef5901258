package dev.muster.registry.catalog;

import java.util.List;
import java.util.Map;

/// One instance of a service on a node; `id` is unique on its node.
///
/// @param createIndex the index at which it appeared
/// @param modifyIndex the index at which it last changed
public record Service(
    String node, String id, Definition definition, long createIndex, long modifyIndex) {

  /// What a registration says of an instance.
  ///
  /// @param kind empty for a plain service
  /// @param address empty if it is the node's
  /// @param port 0 if it has none
  public record Definition(
      String name,
      String kind,
      List<String> tags,
      String address,
      int port,
      Map<String, String> meta,
      Map<String, Address> taggedAddresses,
      Weights weights,
      boolean enableTagOverride) {
    public Definition {
      tags = List.copyOf(tags);
      meta = Ordered.copy(meta);
      taggedAddresses = Ordered.copy(taggedAddresses);
    }
  }

  /// Where an instance is reached from one kind of network, such as `lan_ipv4`.
  public record Address(String address, int port) {}

  /// The share of traffic by state of health, relative to other instances of the service.
  public record Weights(int passing, int warning) {
    public static final Weights EQUAL = new Weights(1, 1);
  }

  public String name() {
    return definition.name();
  }
}
