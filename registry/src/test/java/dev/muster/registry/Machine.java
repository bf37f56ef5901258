package dev.muster.registry;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.session.Lock;
import dev.muster.registry.session.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A state machine without a log before it: commands go in as bytes, as they do from the log.
final class Machine {
  static final Probe TTL = new Probe.Ttl(Duration.ofSeconds(10), Duration.ZERO);

  final RegistryMachine machine = new RegistryMachine();

  /// A machine with the node `n1` and, on it, `web1` of `web`.
  static Machine withWeb() {
    var machine = new Machine();
    machine.apply(node("n1"));
    machine.apply(service("n1", "web1", "web"));
    return machine;
  }

  Reply apply(Command command) {
    return machine.apply(List.of(Format.encode(command))).getFirst();
  }

  View view() {
    return machine.view();
  }

  long index() {
    return view().index();
  }

  byte[] snapshot() {
    var out = new ByteArrayOutputStream();
    try {
      machine.capture().writeTo(out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  String snapshotText() {
    return new String(snapshot(), StandardCharsets.UTF_8);
  }

  void restore(byte[] snapshot) {
    try {
      machine.restore(new ByteArrayInputStream(snapshot));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Command node(String name) {
    var node = new Node(name, "", "10.0.0.1", Map.of(), Map.of(), 0, 0);
    return new Command.Register(name, node, null, List.of(), false);
  }

  static Service.Definition definition(String name, int port, String... tags) {
    return new Service.Definition(
        name, "", List.of(tags), "", port, Map.of(), Map.of(), Service.Weights.EQUAL, false);
  }

  static Command service(String node, String id, String name, Check... checks) {
    return service(node, id, definition(name, 80), checks);
  }

  static Command service(String node, String id, Service.Definition definition, Check... checks) {
    var service = new Service(node, id, definition, 0, 0);
    return new Command.Register(node, null, service, List.of(checks), false);
  }

  static Command checks(String node, Check... checks) {
    return new Command.Register(node, null, null, List.of(checks), false);
  }

  static Check check(String node, String id, String serviceId, Check.Status status) {
    return check(node, id, serviceId, status, TTL);
  }

  static Check check(String node, String id, String serviceId, Check.Status status, Probe probe) {
    return new Check(node, id, serviceId, id, "", status, "", probe, 0, 0);
  }

  static Command put(String key, String value) {
    return put(key, value, null);
  }

  static Command put(String key, String value, @Nullable Long cas) {
    return new Command.PutKey(key, value.getBytes(StandardCharsets.UTF_8), 0, cas);
  }

  static Command.CreateSession session(
      String id, String node, Session.Behavior behavior, Duration delay, String... checks) {
    var definition =
        new Session.Definition("", node, delay, behavior, null, List.of(checks), List.of());
    return new Command.CreateSession(new Session(id, definition, 0, 0));
  }

  static Command acquire(String key, String value, String session, long passedDelay) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return new Command.PutKey(key, bytes, 0, null, new Lock.Acquire(session, passedDelay));
  }

  static Command release(String key, String value, String session) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return new Command.PutKey(key, bytes, 0, null, new Lock.Release(session));
  }
}
