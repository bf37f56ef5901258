package dev.muster.balancer.observe;

import dev.muster.balancer.config.AccessLogConfig;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.variable.LateFact;
import dev.muster.balancer.variable.Template;
import org.jspecify.annotations.Nullable;

/// One file that a location's requests are written to. Immutable.
final class AccessLog {
  private final LogWriter writer;
  private final AccessLogConfig.Format format;
  private final @Nullable Template condition;

  AccessLog(LogWriter writer, AccessLogConfig config) {
    this.writer = writer;
    this.format = config.format();
    this.condition = config.condition().orElse(null);
  }

  LogWriter writer() {
    return writer;
  }

  boolean asks(LateFact fact) {
    return (format instanceof AccessLogConfig.Format.Custom(Template text, _) && text.asks(fact))
        || (condition != null && condition.asks(fact));
  }

  void write(Request request, String location, LogLines lines) {
    if (condition != null) {
      String value = condition.text(request);
      if (value.isEmpty() || value.equals("0")) {
        return;
      }
    }
    writer.offer(lines.line(format, location, request));
  }
}
