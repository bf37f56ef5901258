package dev.muster.balancer.observe;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.observe.SpanExport.Finished;
import dev.muster.balancer.request.Outcome.Try;
import dev.muster.balancer.request.Trace;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/// Traced requests as OTLP's JSON: a server span each, and below it a client span for each try.
final class SpanJson {
  private static final int SERVER = 2;
  private static final int CLIENT = 3;
  private static final HexFormat HEX = HexFormat.of();

  private final RandomGenerator random;

  /// @param random makes the ids of tries
  SpanJson(RandomGenerator random) {
    this.random = random;
  }

  /// @param offsetNanos from the loops' clock to the time since 1970
  String of(List<Finished> batch, long offsetNanos) {
    var out = new StringBuilder();
    out.append("{\"resourceSpans\":[{\"resource\":{\"attributes\":[");
    attribute(out, "service.name", "muster-balancer");
    out.append("]},\"scopeSpans\":[{\"scope\":{\"name\":\"dev.muster.balancer\"},\"spans\":[");
    for (Finished each : batch) {
      server(out, each, offsetNanos);
      for (Try one : each.outcome().tries()) {
        out.append(',');
        client(out, each.trace(), one, offsetNanos);
      }
      out.append(',');
    }
    out.setLength(out.length() - 1);
    return out.append("]}]}]}").toString();
  }

  private static void server(StringBuilder out, Finished each, long offset) {
    Trace trace = each.trace();
    int status = each.outcome().status();
    open(out, trace, trace.span(), trace.parent(), trace.method(), SERVER);
    times(out, each.startedNanos() + offset, each.endedNanos() + offset);
    int query = trace.target().indexOf('?');
    attribute(out, "http.request.method", trace.method());
    out.append(',');
    attribute(out, "url.scheme", "http");
    out.append(',');
    attribute(out, "url.path", query < 0 ? trace.target() : trace.target().substring(0, query));
    if (query >= 0) {
      out.append(',');
      attribute(out, "url.query", trace.target().substring(query + 1));
    }
    out.append(',');
    attribute(out, "server.address", trace.host());
    out.append(',');
    attribute(out, "client.address", each.client());
    out.append(',');
    attribute(out, "http.route", each.location());
    out.append(',');
    number(out, "http.response.status_code", status);
    close(out, status >= 500);
  }

  private void client(StringBuilder out, Trace trace, Try one, long offset) {
    long id = random.nextLong();
    open(out, trace, id == 0 ? 1 : id, trace.span(), trace.method(), CLIENT);
    long started = one.startedNanos() + offset;
    times(out, started, started + Math.max(0, one.responseNanos()));
    attribute(out, "http.request.method", trace.method());
    out.append(',');
    attribute(out, "server.address", one.address());
    if (one.headerNanos() >= 0) {
      out.append(',');
      number(out, "http.response.status_code", one.status());
    }
    close(out, one.headerNanos() < 0 || one.status() >= 400);
  }

  private static void open(
      StringBuilder out, Trace trace, long span, long parent, String name, int kind) {
    out.append("{\"traceId\":\"");
    out.append(HEX.toHexDigits(trace.high())).append(HEX.toHexDigits(trace.low()));
    out.append("\",\"spanId\":\"").append(HEX.toHexDigits(span)).append('"');
    if (parent != 0) {
      out.append(",\"parentSpanId\":\"").append(HEX.toHexDigits(parent)).append('"');
    }
    out.append(",\"name\":");
    string(out, name);
    out.append(",\"kind\":").append(kind);
  }

  private static void times(StringBuilder out, long startNanos, long endNanos) {
    out.append(",\"startTimeUnixNano\":\"").append(startNanos);
    out.append("\",\"endTimeUnixNano\":\"").append(endNanos).append("\",\"attributes\":[");
  }

  private static void close(StringBuilder out, boolean isError) {
    out.append("],\"status\":{").append(isError ? "\"code\":2" : "").append("}}");
  }

  private static void attribute(StringBuilder out, String key, String value) {
    out.append("{\"key\":\"").append(key).append("\",\"value\":{\"stringValue\":");
    string(out, value);
    out.append("}}");
  }

  private static void number(StringBuilder out, String key, int value) {
    out.append("{\"key\":\"").append(key).append("\",\"value\":{\"intValue\":\"");
    out.append(value).append("\"}}");
  }

  private static void string(StringBuilder out, String value) {
    HeadWriter escaped = new HeadWriter();
    Escaping.soundJson(value, escaped);
    out.append('"');
    out.append(new String(escaped.bytes(), 0, escaped.length(), StandardCharsets.UTF_8));
    out.append('"');
  }
}
