package dev.muster.consul.serving;

import dev.muster.consul.form.GoDuration;
import dev.muster.consul.form.Json;
import dev.muster.registry.catalog.Probe;
import java.time.Duration;
import tools.jackson.core.JsonGenerator;

/// `Definition` of a check that the catalog was told of; what says nothing is left out, as Go does.
final class DeclaredProbe {
  private DeclaredProbe() {}

  /// Writes the members, without the braces.
  static void write(JsonGenerator json, Probe probe) {
    switch (probe) {
      case Probe.Periodic periodic -> periodic(json, periodic);
      case Probe.Ttl ttl -> {
        json.writeStringProperty("TTL", GoDuration.format(ttl.ttl()));
        duration(json, "DeregisterCriticalServiceAfter", ttl.deregisterAfter());
      }
      case Probe.Alias alias -> {
        string(json, "AliasNode", alias.node());
        string(json, "AliasService", alias.serviceId());
        duration(json, "DeregisterCriticalServiceAfter", alias.deregisterAfter());
      }
      case Probe.None _, Probe.External _ -> {}
    }
  }

  private static void periodic(JsonGenerator json, Probe.Periodic probe) {
    Probe.Rhythm rhythm = probe.rhythm();
    json.writeStringProperty("Interval", GoDuration.format(rhythm.interval()));
    json.writeStringProperty("Timeout", GoDuration.format(rhythm.timeout()));
    duration(json, "DeregisterCriticalServiceAfter", rhythm.deregisterAfter());
    switch (probe) {
      case Probe.Http http -> http(json, http);
      case Probe.Tcp tcp -> {
        json.writeStringProperty("TCP", tcp.target());
        tls(json, "TCPUseTLS", tcp.tls());
      }
      case Probe.Udp udp -> json.writeStringProperty("UDP", udp.target());
      case Probe.Grpc grpc -> {
        json.writeStringProperty("GRPC", grpc.target());
        tls(json, "GRPCUseTLS", grpc.tls());
      }
      case Probe.H2Ping ping -> {
        json.writeStringProperty("H2PING", ping.target());
        tls(json, "H2PingUseTLS", ping.tls());
      }
      case Probe.Script script -> {
        Json.strings(json, "ScriptArgs", script.args());
        outputBytes(json, script.outputBytesMax());
      }
      case Probe.OsService service -> json.writeStringProperty("OSService", service.name());
    }
  }

  private static void http(JsonGenerator json, Probe.Http http) {
    json.writeStringProperty("HTTP", http.url());
    json.writeStringProperty("Method", http.method());
    if (!http.headers().isEmpty()) {
      json.writeObjectPropertyStart("Header");
      http.headers().forEach((name, values) -> Json.strings(json, name, values));
      json.writeEndObject();
    }
    string(json, "Body", http.body());
    flag(json, "DisableRedirects", http.disablesRedirects());
    flag(json, "TLSSkipVerify", http.skipsTlsVerification());
    string(json, "TLSServerName", http.tlsServerName());
    outputBytes(json, http.outputBytesMax());
  }

  private static void tls(JsonGenerator json, String name, Probe.Tls tls) {
    flag(json, name, tls.isUsed());
    flag(json, "TLSSkipVerify", tls.skipsVerification());
    string(json, "TLSServerName", tls.serverName());
  }

  private static void outputBytes(JsonGenerator json, int bytesMax) {
    if (bytesMax > 0) {
      json.writeNumberProperty("OutputMaxSize", bytesMax);
    }
  }

  private static void string(JsonGenerator json, String name, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }

  private static void flag(JsonGenerator json, String name, boolean value) {
    if (value) {
      json.writeBooleanProperty(name, true);
    }
  }

  private static void duration(JsonGenerator json, String name, Duration value) {
    if (!value.isZero()) {
      json.writeStringProperty(name, GoDuration.format(value));
    }
  }
}
