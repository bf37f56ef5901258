package dev.muster.consul.form;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A service as a request defines it.
public record ServiceForm(String id, Service.Definition definition, List<CheckForm> checks) {
  /// Clients put whole rules of routing into tags.
  private static final int TAG_CHARACTERS_MAX = 4096;

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /// Reads a registration with an agent.
  ///
  /// @param addressOtherwise the address if the registration gives none
  /// @throws Refusal if it makes no sense
  public static ServiceForm ofAgent(Fields fields, String addressOtherwise) {
    return ofAgent(fields, addressOtherwise, CheckForm::of);
  }

  /// As [#ofAgent], from a configuration file.
  public static ServiceForm ofFile(Fields fields, String addressOtherwise) {
    return ofAgent(fields, addressOtherwise, CheckForm::ofFile);
  }

  private static ServiceForm ofAgent(
      Fields fields, String addressOtherwise, Function<Fields, CheckForm> checkForm) {
    String name = Names.checked("service name", fields.string("Name"));
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing service name");
    }
    List<CheckForm> checks = new ArrayList<>();
    fields.object("Check").filter(check -> !check.isEmpty()).map(checkForm).ifPresent(checks::add);
    fields.objects("Checks").stream()
        .filter(check -> !check.isEmpty())
        .map(checkForm)
        .forEach(checks::add);
    ServiceForm form = of(fields, name, addressOtherwise, 400, checks);
    fields.end();
    return form;
  }

  /// Its checks, to be registered on a node. One without an id is named for the service, and for
  /// its place if there are several.
  ///
  /// @throws Refusal if the state of one is none
  public List<Check> checksOn(String node) {
    List<Check> all = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      CheckForm check = checks.get(i);
      String suffix = checks.size() > 1 ? ":" + (i + 1) : "";
      all.add(
          check.check(
              node,
              check.id().isEmpty() ? "service:" + id + suffix : check.id(),
              check.name().isEmpty() ? "Service '" + definition.name() + "' check" : check.name(),
              id,
              "Status for checks must 'passing', 'warning', 'critical'"));
    }
    return all;
  }

  /// Reads the service of a registration with the catalog.
  public static ServiceForm ofCatalog(Fields fields) {
    String name = Names.checked("service name", fields.string("Service"));
    if (name.isEmpty()) {
      throw new Refusal(500, "Must provide service name (Service.Service)");
    }
    ServiceForm form = of(fields, name, "", 500, List.of());
    fields.ignore("CreateIndex", "ModifyIndex", "Datacenter", "ContentHash", "PeerName");
    fields.end();
    return form;
  }

  private static ServiceForm of(
      Fields fields,
      String name,
      String addressOtherwise,
      int refusalStatus,
      List<CheckForm> checks) {
    refuseMesh(fields);
    String id = Names.checked("service ID", fields.string("ID"));
    String given = Names.checked("service address", fields.string("Address"));
    String address = given.isEmpty() ? addressOtherwise : given;
    if (address.equals("0.0.0.0") || address.equals("::") || address.equals("[::]")) {
      throw new Refusal(refusalStatus, "Invalid service address");
    }
    int port = requirePort(fields.integer("Port", 0));
    Map<String, String> meta = Meta.checked("Service Meta", fields.stringMap("Meta"));
    List<String> tags = fields.strings("Tags");
    tags.forEach(tag -> Names.checked("service tag", tag, TAG_CHARACTERS_MAX));
    var definition =
        new Service.Definition(
            name,
            Names.checked("service kind", fields.string("Kind")),
            tags,
            address,
            port,
            meta,
            taggedAddresses(fields, address, port),
            weights(fields, refusalStatus == 400),
            fields.bool("EnableTagOverride"));
    fields.requireDefault("Namespace", "Partition");
    fields.ignore("Token", "SocketPath", "Locality", "EnterpriseMeta");
    return new ServiceForm(id.isEmpty() ? name : id, definition, checks);
  }

  private static void refuseMesh(Fields fields) {
    for (String part : List.of("Proxy", "Connect")) {
      if (fields.has(part)) {
        throw new Refusal(
            400, "Invalid service: %s is not supported by this version".formatted(part));
      }
    }
  }

  private static int requirePort(int port) {
    if (port < 0 || port > 65_535) {
      throw new Refusal(400, "Invalid service port: %d is not between 0 and 65535".formatted(port));
    }
    return port;
  }

  /// @param isStrict false where clients send zeros for weights that were not given
  private static Service.Weights weights(Fields fields, boolean isStrict) {
    return fields
        .object("Weights")
        .filter(weights -> isStrict || !weights.isEmpty())
        .map(
            weights -> {
              int passing = weights.integer("Passing", 1);
              int warning = weights.integer("Warning", 1);
              weights.end();
              if (passing < 1) {
                throw new Refusal(400, "Invalid Weights: Passing must be greater than 0");
              }
              if (warning < 0 || passing > 65_535 || warning > 65_535) {
                throw new Refusal(400, "Invalid Weights: must be between 0 and 65535");
              }
              return new Service.Weights(passing, warning);
            })
        .orElse(Service.Weights.EQUAL);
  }

  private static Map<String, Service.Address> taggedAddresses(
      Fields fields, String address, int port) {
    Map<String, Service.Address> tagged = new LinkedHashMap<>();
    fields
        .object("TaggedAddresses")
        .ifPresent(
            given ->
                given.forEachMember(
                    (tag, value) -> {
                      Fields one = Fields.of(value);
                      tagged.put(
                          Names.checked("tagged address", tag),
                          new Service.Address(
                              Names.checked("tagged address", one.string("Address")),
                              requirePort(one.integer("Port", port))));
                      one.end();
                    }));
    String family = IPV4.matcher(address).matches() ? "ipv4" : address.contains(":") ? "ipv6" : "";
    if (!family.isEmpty()) {
      var own = new Service.Address(address, port);
      tagged.putIfAbsent("lan_" + family, own);
      tagged.putIfAbsent("wan_" + family, own);
    }
    return tagged;
  }
}
