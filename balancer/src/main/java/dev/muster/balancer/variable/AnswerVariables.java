package dev.muster.balancer.variable;

import static java.util.Map.entry;

import dev.muster.balancer.request.HeaderLines;
import dev.muster.balancer.request.Note;
import dev.muster.balancer.request.Outcome;
import dev.muster.balancer.request.Outcome.Try;
import dev.muster.balancer.request.Request;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What became of a request: its answer, and who was asked for it.
final class AnswerVariables {
  private static final int NANOS_IN_MILLISECOND = 1_000_000;

  static final Map<String, Variable> TABLE =
      Map.ofEntries(
          entry("status", request -> status(request.outcome().status())),
          entry("bytes_sent", request -> Long.toString(request.outcome().bytes())),
          entry("body_bytes_sent", request -> Long.toString(request.outcome().bodyBytes())),
          entry("request_length", request -> Long.toString(request.outcome().receivedBytes())),
          entry("request_time", AnswerVariables::requestTime),
          entry(
              "request_completion",
              request -> request.outcome().nanos() > 0 && isAnswered(request) ? "OK" : ""),
          entry("upstream_addr", request -> tries(request, Try::address)),
          entry("upstream_status", request -> tries(request, each -> code(each.status()))),
          entry(
              "upstream_response_time",
              request -> tries(request, each -> time(each.responseNanos()))),
          entry(
              "upstream_connect_time",
              request -> tries(request, each -> time(each.connectNanos()))),
          entry(
              "upstream_header_time", request -> tries(request, each -> time(each.headerNanos()))),
          entry("upstream_cache_status", _ -> null),
          entry("limit_req_status", request -> request.note(Note.LIMIT_REQ_STATUS)),
          entry("limit_conn_status", request -> request.note(Note.LIMIT_CONN_STATUS)));

  private AnswerVariables() {}

  private static boolean isAnswered(Request request) {
    int status = request.outcome().status();
    return status != 0 && status != 499 && status != 444;
  }

  private static String status(int code) {
    String digits = Integer.toString(code);
    return "000".substring(Math.min(3, digits.length())) + digits;
  }

  private static String requestTime(Request request) {
    long known = request.outcome().nanos();
    long nanos = known > 0 ? known : request.peer().nanoTime() - request.startedNanos();
    return time(Math.max(0, nanos));
  }

  private static String code(int status) {
    return status == 0 ? "-" : Integer.toString(status);
  }

  private static String time(long nanos) {
    return nanos < 0 ? "-" : thousandths(nanos / NANOS_IN_MILLISECOND);
  }

  /// Seconds with three digits after the point.
  static String thousandths(long milliseconds) {
    String rest = Long.toString(milliseconds % 1000);
    return milliseconds / 1000 + "." + "000".substring(rest.length()) + rest;
  }

  private static @Nullable String tries(Request request, Function<Try, String> fact) {
    Outcome outcome = request.outcome();
    List<Try> tries = outcome.tries();
    if (tries.size() < 2) {
      return tries.isEmpty() ? null : fact.apply(tries.getFirst());
    }
    var out = new StringBuilder();
    for (Try each : tries) {
      out.append(out.isEmpty() ? "" : ", ").append(fact.apply(each));
    }
    return out.toString();
  }

  /// `$sent_http_name`.
  static Variable sent(String field) {
    return new Line(LateFact.SENT_HEADERS, field);
  }

  /// `$upstream_http_name`.
  static Variable received(String field) {
    return new Line(LateFact.RECEIVED_HEADERS, field);
  }

  /// `$upstream_cookie_name`: the last cookie of that name that is set.
  static Variable receivedCookie(String name) {
    return new SetCookie(name);
  }

  private record Line(LateFact fact, String field) implements Variable {
    @Override
    public @Nullable String value(Request request) {
      HeaderLines lines = fact == LateFact.SENT_HEADERS ? request.sent() : request.received();
      return lines == null ? null : lines.value(field, ", ");
    }

    @Override
    public boolean asks(LateFact asked) {
      return asked == fact;
    }
  }

  private record SetCookie(String name) implements Variable {
    @Override
    public @Nullable String value(Request request) {
      HeaderLines lines = request.received();
      String all = lines == null ? null : lines.value("set-cookie", "\n");
      if (all == null) {
        return null;
      }
      String found = null;
      for (String cookie : all.lines().toList()) {
        int equals = cookie.indexOf('=');
        if (equals >= 0 && cookie.substring(0, equals).strip().equalsIgnoreCase(name)) {
          int end = cookie.indexOf(';', equals);
          found = cookie.substring(equals + 1, end < 0 ? cookie.length() : end).strip();
        }
      }
      return found;
    }

    @Override
    public boolean asks(LateFact asked) {
      return asked == LateFact.RECEIVED_HEADERS;
    }
  }
}
