package dev.muster.balancer.variable;

import static java.util.Map.entry;

import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Surroundings;
import java.time.Instant;
import java.util.Map;

/// Where and when a request is served.
final class ProcessVariables {
  static final Map<String, Variable> TABLE =
      Map.ofEntries(
          entry("hostname", request -> here(request).hostname()),
          entry("pid", request -> Long.toString(here(request).processId())),
          // Whose language this is, for configurations that tell it to others.
          entry("nginx_version", _ -> "1.31.4"),
          entry("msec", request -> seconds(here(request).now())),
          entry("time_iso8601", request -> here(request).isoTime()),
          entry("time_local", request -> here(request).localTime()),
          entry("pipe", _ -> "."));

  private ProcessVariables() {}

  private static Surroundings here(Request request) {
    return request.peer().surroundings();
  }

  private static String seconds(Instant at) {
    return AnswerVariables.thousandths(at.toEpochMilli());
  }
}
