package dev.muster.balancer.observe;

import dev.muster.balancer.config.AccessLogConfig.Escape;
import dev.muster.balancer.config.AccessLogConfig.Format;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.request.Outcome;
import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts the lines of access logs together. One per loop, as it is reused.
public final class LogLines {
  private static final byte[] VERSION_10 = Octets.ascii(" HTTP/1.0");
  private static final byte[] VERSION_11 = Octets.ascii(" HTTP/1.1");

  private final HeadWriter out = new HeadWriter();
  private final LogTime time;

  /// @param clock its zone is that of local times
  public LogLines(Clock clock) {
    this.time = new LogTime(clock);
  }

  /// The line of a request, with its end.
  byte[] line(Format format, String location, Request request) {
    out.clear();
    switch (format) {
      case Format.Combined _ -> combined(request);
      case Format.Json _ -> json(request, location);
      case Format.Custom(var text, Escape escape) ->
          text.write(request, out, (value, to) -> Escaping.write(value, escape, to));
    }
    out.write('\n');
    return Arrays.copyOf(out.bytes(), out.length());
  }

  private void combined(Request request) {
    Outcome outcome = request.outcome();
    out.write(request.client().addressOctets()).write(' ').write('-').write(' ');
    Escaping.write(user(request), Escape.DEFAULT, out);
    out.write(' ').write('[').write(time.common()).write(']').write(' ');
    out.write('"');
    requestLine(request);
    out.write('"').write(' ');
    number(outcome.status());
    out.write(' ');
    number(outcome.bodyBytes());
    quotedHeader(request, "referer");
    quotedHeader(request, "user-agent");
  }

  private void requestLine(Request request) {
    RequestHead head = request.head();
    if (head.methodLength() == 0) {
      out.write('-');
      return;
    }
    Escaping.write(request.method(), Escape.DEFAULT, out);
    out.write(' ');
    Escaping.write(request.target(), Escape.DEFAULT, out);
    out.write(head.isVersion10() ? VERSION_10 : VERSION_11);
  }

  private void quotedHeader(Request request, String name) {
    out.write(' ').write('"');
    Escaping.write(request.header(name), Escape.DEFAULT, out);
    out.write('"');
  }

  /// Whom a client claims to be by `Authorization: Basic`, or null.
  private static @Nullable String user(Request request) {
    String sent = request.header("authorization");
    if (sent == null || !sent.regionMatches(true, 0, "Basic ", 0, 6)) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(sent.substring(6).strip());
      String both = new String(decoded, StandardCharsets.ISO_8859_1);
      int colon = both.indexOf(':');
      return colon < 1 ? null : both.substring(0, colon);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void json(Request request, String location) {
    Outcome outcome = request.outcome();
    RequestHead head = request.head();
    out.write('{');
    text("time", new String(time.iso(), StandardCharsets.US_ASCII));
    text("client", request.client().address());
    number("client_port", request.client().port());
    text("host", head.methodLength() == 0 ? "" : request.host());
    text("method", request.method());
    text("target", request.target());
    text("protocol", head.isVersion10() ? "HTTP/1.0" : "HTTP/1.1");
    number("status", outcome.status());
    number("sent_bytes", outcome.bytes());
    number("body_bytes", outcome.bodyBytes());
    number("received_bytes", outcome.receivedBytes());
    seconds("seconds", outcome.nanos());
    text("location", location);
    optional("user", user(request));
    optional("referer", request.header("referer"));
    optional("user_agent", request.header("user-agent"));
    optional("traceparent", request.header("traceparent"));
    tries(outcome.tries());
    out.write('}');
  }

  private void tries(List<Outcome.Try> tries) {
    name("tries");
    out.write('[');
    for (int i = 0; i < tries.size(); i++) {
      Outcome.Try each = tries.get(i);
      if (i > 0) {
        out.write(',');
      }
      out.write('{');
      text("address", each.address());
      number("status", each.status());
      timeOrNothing("connect_seconds", each.connectNanos());
      timeOrNothing("header_seconds", each.headerNanos());
      timeOrNothing("response_seconds", each.responseNanos());
      out.write('}');
    }
    out.write(']');
  }

  private void timeOrNothing(String name, long nanos) {
    if (nanos >= 0) {
      seconds(name, nanos);
    }
  }

  private void optional(String name, @Nullable String value) {
    if (value != null) {
      text(name, value);
    }
  }

  private void text(String name, String value) {
    name(name);
    out.write('"');
    Escaping.soundJson(value, out);
    out.write('"');
  }

  private void number(String name, long value) {
    name(name);
    number(value);
  }

  private void seconds(String name, long nanos) {
    name(name);
    number(nanos / 1_000_000_000);
    out.write('.');
    // With its leading zeros: microseconds and a one before them.
    byte[] micros = Octets.ascii(Long.toString(1_000_000 + nanos / 1000 % 1_000_000));
    out.write(micros, 1, micros.length);
  }

  private void name(String name) {
    if (out.bytes()[out.length() - 1] != '{') {
      out.write(',');
    }
    out.write('"').write(Octets.ascii(name)).write('"').write(':');
  }

  private void number(long value) {
    out.write(Octets.ascii(Long.toString(value)));
  }
}
