package dev.muster.registry;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;

/// What is made of a saved state that somebody sent: anybody can write such a file, so it is not
/// trusted as a server trusts its own disk.
final class Sent {
  private Sent() {}

  /// The line, with no script in it that claims to be from a server's own configuration. What truly
  /// is from there is registered again by the server that has it.
  static Format.Line distrusted(Format.Line line) {
    Check check = line.check();
    if (check == null) {
      return line;
    }
    return Format.Line.of(
        new Check(
            check.node(),
            check.id(),
            check.serviceId(),
            check.name(),
            check.notes(),
            check.status(),
            check.output(),
            distrusted(check.probe()),
            check.createIndex(),
            check.modifyIndex()));
  }

  private static Probe distrusted(Probe probe) {
    return switch (probe) {
      case Probe.Script script ->
          new Probe.Script(script.args(), false, script.outputBytesMax(), script.rhythm());
      case Probe.External(Probe declared) -> new Probe.External(distrusted(declared));
      case Probe.None it -> it;
      case Probe.Ttl it -> it;
      case Probe.Alias it -> it;
      case Probe.Http it -> it;
      case Probe.Tcp it -> it;
      case Probe.Udp it -> it;
      case Probe.Grpc it -> it;
      case Probe.H2Ping it -> it;
      case Probe.OsService it -> it;
    };
  }
}
