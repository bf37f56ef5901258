package dev.muster.dns;

import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Service;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/// The records of a service's instances for one question.
///
/// @param asked the name that the answers are about
/// @param ttl in seconds, of all of them
record InstanceRecords(Name asked, int type, Names names, long ttl) {
  private static final int PRIORITY = 1;

  /// Finds the aliases and addresses of a host.
  @FunctionalInterface
  interface Hosts {
    List<Record> resolve(Name host, int type, long ttl);
  }

  /// Where an instance is reached.
  private sealed interface Place {

    /// At its node's address.
    record OnNode(Address address) implements Place {}

    /// At an address of its own.
    record At(Address address) implements Place {}

    /// At a host of that name.
    record Beyond(Name host) implements Place {}
  }

  /// The answer of instances in this order; without answers if none suits the type.
  Finding of(List<Instance> instances, DnsConfig.Answering answering, Hosts hosts) {
    return type == Type.SRV
        ? services(instances, answering.nodeMeta(), hosts)
        : addresses(instances, answering.addressesMax(), hosts);
  }

  /// Addresses; if there are none, one alias, because a name can have only one.
  private Finding addresses(List<Instance> instances, int max, Hosts hosts) {
    Set<Record> addresses = new LinkedHashSet<>(); // several instances may share one
    Optional<Name> alias = Optional.empty();
    for (Instance instance : instances) {
      if (max > 0 && addresses.size() == max) {
        break;
      }
      switch (place(instance).orElse(null)) {
        case Place.OnNode(Address address) ->
            address.record(asked, type, ttl).ifPresent(addresses::add);
        case Place.At(Address address) ->
            address.record(asked, type, ttl).ifPresent(addresses::add);
        case Place.Beyond(Name host) -> alias = alias.isPresent() ? alias : Optional.of(host);
        case null -> {}
      }
    }
    List<Record> answers = new ArrayList<>(addresses);
    if (answers.isEmpty() && alias.isPresent()) {
      answers.add(new CNAMERecord(asked, DClass.IN, ttl, alias.get()));
      answers.addAll(hosts.resolve(alias.get(), type, ttl));
    }
    return Finding.of(answers, List.of());
  }

  private Finding services(List<Instance> instances, boolean saysMeta, Hosts hosts) {
    List<Record> answers = new ArrayList<>();
    Set<Record> additional = new LinkedHashSet<>(); // several instances may share a target
    Set<Service.Address> seen = new HashSet<>();
    for (Instance instance : instances) {
      Service.Definition definition = instance.service().definition();
      String where = instance.node().name() + '\0' + definition.address();
      if (!seen.add(new Service.Address(where, definition.port()))) {
        continue;
      }
      Optional<Name> node = names.node(instance.node().name());
      switch (place(instance).orElse(null)) {
        case Place.OnNode(Address address) -> {
          Name target = node.orElseGet(() -> names.address(address));
          answers.add(service(instance, target));
          address.record(target, Type.ANY, ttl).ifPresent(additional::add);
        }
        case Place.At(Address address) -> {
          Name target = names.address(address);
          answers.add(service(instance, target));
          address.record(target, Type.ANY, ttl).ifPresent(additional::add);
        }
        case Place.Beyond(Name host) -> {
          answers.add(service(instance, host));
          additional.addAll(hosts.resolve(host, type, ttl));
        }
        case null -> {
          continue;
        }
      }
      if (saysMeta && node.isPresent()) {
        instance
            .node()
            .meta()
            .forEach((key, value) -> additional.add(Text.record(node.get(), ttl, key, value)));
      }
    }
    return Finding.of(answers, List.copyOf(additional));
  }

  private Record service(Instance instance, Name target) {
    int port = Math.clamp(instance.service().definition().port(), 0, 0xFFFF);
    return new SRVRecord(
        asked, DClass.IN, ttl, PRIORITY, WeightedOrder.weight(instance), port, target);
  }

  /// Empty if its address is neither an address nor a name.
  private Optional<Place> place(Instance instance) {
    String own = instance.service().definition().address();
    Optional<Address> ofNode = Address.parse(instance.node().address());
    if (own.isEmpty() && ofNode.isPresent()) {
      return ofNode.map(Place.OnNode::new);
    }
    Optional<Address> address = Address.parse(own);
    if (address.isPresent()) {
      return address.map(Place.At::new);
    }
    Optional<Name> host = DnsName.ofHost(own.isEmpty() ? instance.node().address() : own);
    if (host.isPresent() && host.get().equals(asked) && ofNode.isPresent()) {
      return ofNode.map(Place.OnNode::new); // its address is the name that is being asked for
    }
    return host.map(Place.Beyond::new);
  }
}
