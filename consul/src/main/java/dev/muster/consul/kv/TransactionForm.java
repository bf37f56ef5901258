package dev.muster.consul.kv;

import dev.muster.consul.catalog.CatalogWrites;
import dev.muster.consul.form.Fields;
import dev.muster.consul.form.Meta;
import dev.muster.consul.form.Names;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.form.ServiceForm;
import dev.muster.consul.serving.OwnEntries;
import dev.muster.consul.serving.Server;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.session.SessionId;
import dev.muster.registry.transaction.EntryVerb;
import dev.muster.registry.transaction.KeyVerb;
import dev.muster.registry.transaction.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The operations of a transaction as a request lists them. What cannot be read refuses the
/// request; what makes no sense becomes an operation that fails, so that it is told along with all
/// others.
final class TransactionForm {
  static final int OPERATIONS_MAX = 128;

  private final Server server;
  private final ToLongFunction<String> passedDelay;

  /// @param passedDelay of a key: the lock-delay that was seen to end
  TransactionForm(Server server, ToLongFunction<String> passedDelay) {
    this.server = server;
    this.passedDelay = passedDelay;
  }

  /// @throws Refusal if it is no list of operations, or too long
  List<Operation> operations(JsonNode body) {
    if (!body.isArray()) {
      throw Refusal.undecodable("expected a JSON array of operations");
    }
    if (body.size() > OPERATIONS_MAX) {
      throw new Refusal(
          413,
          "Transaction contains too many operations (%d > %d)"
              .formatted(body.size(), OPERATIONS_MAX));
    }
    List<Operation> operations = new ArrayList<>();
    for (JsonNode each : body) {
      operations.add(operation(Fields.of(each)));
    }
    return operations;
  }

  private Operation operation(Fields fields) {
    List<Operation> found = new ArrayList<>();
    fields.object("KV").ifPresent(it -> found.add(key(it)));
    fields.object("Node").ifPresent(it -> found.add(node(it)));
    fields.object("Service").ifPresent(it -> found.add(service(it)));
    fields.object("Check").ifPresent(it -> found.add(check(it)));
    fields.object("Session").ifPresent(it -> found.add(session(it)));
    fields.end();
    return switch (found.size()) {
      case 0 -> new Operation.Impossible("no operation specified");
      case 1 -> found.getFirst();
      default -> new Operation.Impossible("more than one operation specified");
    };
  }

  private Operation key(Fields fields) {
    String word = fields.string("Verb");
    Optional<KeyVerb> verb = KeyVerb.of(word);
    String key = Names.checked("key", fields.string("Key"), Integer.MAX_VALUE);
    String session = fields.string("Session");
    byte[] value = fields.bytes("Value").orElse(null);
    long flags = fields.unsigned("Flags");
    long index = fields.unsigned("Index");
    fields.requireDefault("Namespace", "Partition");
    fields.end();
    if (verb.isEmpty()) {
      return new Operation.Impossible("unknown KV verb \"%s\"".formatted(word));
    }
    if (key.isEmpty() && verb.get() != KeyVerb.DELETE_TREE) {
      return new Operation.Impossible("Must provide key");
    }
    long passed = verb.get() == KeyVerb.LOCK ? passedDelay.applyAsLong(key) : 0;
    return new Operation.OnKey(
        verb.get(), key, value, flags, index, SessionId.normal(session), passed);
  }

  /// What an operation on an entry of the catalog is made of once its verb is known.
  @FunctionalInterface
  private interface Making {
    Operation of(EntryVerb verb);
  }

  private static Operation made(String kind, String word, Making making) {
    Optional<EntryVerb> verb = EntryVerb.of(word);
    if (verb.isEmpty()) {
      return new Operation.Impossible("unknown %s verb \"%s\"".formatted(kind, word));
    }
    try {
      return making.of(verb.get());
    } catch (Refusal e) {
      if (e.isUndecodable()) {
        throw e;
      }
      return new Operation.Impossible(e.reason());
    }
  }

  private static boolean writes(EntryVerb verb) {
    return verb == EntryVerb.SET || verb == EntryVerb.CAS;
  }

  private Operation node(Fields fields) {
    String word = fields.string("Verb");
    Fields node = fields.object("Node").orElseGet(TransactionForm::nothing);
    fields.end();
    return made("Node", word, verb -> new Operation.OnNode(verb, node(verb, node)));
  }

  private Node node(EntryVerb verb, Fields fields) {
    String name = Names.checked("node name", fields.string("Node"));
    if (name.isEmpty() && verb != EntryVerb.GET) {
      throw new Refusal(500, "Must provide node");
    }
    if (!writes(verb) && verb != EntryVerb.GET && name.equalsIgnoreCase(server.nodeName())) {
      throw new Refusal(
          400, "Node \"%s\" is this server: deregister its services instead".formatted(name));
    }
    var node =
        new Node(
            name,
            Names.checked("node ID", fields.string("ID")),
            Names.checked("node address", fields.string("Address")),
            Names.checked("tagged address", fields.stringMap("TaggedAddresses")),
            Meta.checked("Node Meta", fields.stringMap("Meta")),
            0,
            fields.unsigned("ModifyIndex"));
    requireHere(fields);
    return node;
  }

  /// Ends the reading of an entry of the catalog.
  private void requireHere(Fields fields) {
    String datacenter = fields.string("Datacenter");
    if (!datacenter.isEmpty() && !datacenter.equals(server.datacenter())) {
      throw new Refusal(500, "No path to datacenter");
    }
    fields.requireDefault("Namespace", "Partition");
    fields.ignore("CreateIndex", "PeerName", "Locality");
    fields.end();
  }

  private Operation service(Fields fields) {
    String word = fields.string("Verb");
    String node = fields.string("Node");
    Fields service = fields.object("Service").orElseGet(TransactionForm::nothing);
    fields.end();
    return made("Service", word, verb -> onService(verb, service(verb, node, service)));
  }

  private Operation onService(EntryVerb verb, Service service) {
    if (verb != EntryVerb.GET) {
      OwnEntries.requireNotService(server, service.node(), service.id());
    }
    return new Operation.OnService(verb, service);
  }

  private static Service service(EntryVerb verb, String node, Fields fields) {
    Names.checked("node name", node);
    long index = fields.unsigned("ModifyIndex");
    if (writes(verb)) {
      ServiceForm form = ServiceForm.ofCatalog(fields);
      return new Service(node, form.id(), form.definition(), 0, index);
    }
    String id = Names.checked("service ID", fields.string("ID"));
    var definition =
        new Service.Definition(
            "", "", List.of(), "", 0, Map.of(), Map.of(), Service.Weights.EQUAL, false);
    return new Service(node, id, definition, 0, index);
  }

  private Operation check(Fields fields) {
    String word = fields.string("Verb");
    Fields check = fields.object("Check").orElseGet(TransactionForm::nothing);
    fields.end();
    return made("Check", word, verb -> onCheck(verb, check(verb, check)));
  }

  private Operation onCheck(EntryVerb verb, Check check) {
    if (verb != EntryVerb.GET) {
      OwnEntries.requireNotCheck(server, check.node(), check.id());
    }
    return new Operation.OnCheck(verb, check);
  }

  private static Check check(EntryVerb verb, Fields fields) {
    String node = Names.checked("node name", fields.string("Node"));
    long index = fields.unsigned("ModifyIndex");
    if (!writes(verb)) {
      String id = Names.checked("check ID", fields.string("CheckID"));
      return new Check(node, id, "", "", "", Check.Status.CRITICAL, "", new Probe.None(), 0, index);
    }
    Check check = CatalogWrites.check(fields, node, null);
    return new Check(
        node,
        check.id(),
        check.serviceId(),
        check.name(),
        check.notes(),
        check.status(),
        check.output(),
        check.probe(),
        0,
        index);
  }

  private static Operation session(Fields fields) {
    String word = fields.string("Verb");
    Fields session = fields.object("Session").orElseGet(TransactionForm::nothing);
    fields.end();
    if (!word.equals("delete")) {
      return new Operation.Impossible("unknown Session verb \"%s\"".formatted(word));
    }
    String id = session.string("ID");
    return SessionId.fault(id)
        .<Operation>map(Operation.Impossible::new)
        .orElseGet(() -> new Operation.DestroySession(SessionId.normal(id)));
  }

  private static Fields nothing() {
    return Fields.of(JsonNodeFactory.instance.objectNode());
  }
}
