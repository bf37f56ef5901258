package dev.muster.nginx.compile;

import dev.muster.balancer.config.ClientConfig;
import dev.muster.balancer.config.ClientConfig.Body;
import dev.muster.balancer.config.ClientConfig.Head;
import dev.muster.balancer.config.ClientConfig.KeepAlive;
import dev.muster.balancer.config.ClientConfig.Lingering;
import dev.muster.nginx.language.Directive;
import dev.muster.nginx.language.Quantity;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What is taken from clients, and how long they are waited for.
record Clients(Findings findings) {

  ClientConfig of(Level level) {
    ClientConfig otherwise = ClientConfig.defaults();
    return new ClientConfig(
        head(level, otherwise.head()),
        body(level, otherwise.body()),
        keepAlive(level, otherwise.keepAlive()),
        lingering(level, otherwise.lingering()),
        level.time("send_timeout", otherwise.send()),
        level.flag("reset_timedout_connection", otherwise.resetsTimedOut()));
  }

  private Head head(Level level, Head otherwise) {
    int lineBytes = otherwise.lineBytesMax();
    int bytes = otherwise.bytesMax();
    for (Directive directive : level.find("large_client_header_buffers").stream().toList()) {
      OptionalInt count = Quantity.number(directive.word(0));
      OptionalLong size = Quantity.bytes(directive.word(1));
      if (count.isEmpty() || size.isEmpty()) {
        findings.badValue(directive);
      } else {
        lineBytes = (int) Math.min(size.getAsLong(), 1 << 20);
        bytes = (int) Math.min(size.getAsLong() * count.getAsInt(), 1 << 20);
      }
    }
    return new Head(
        level.time("client_header_timeout", otherwise.timeout()),
        lineBytes,
        bytes,
        level.number("max_headers", otherwise.countMax()),
        level.flag("underscores_in_headers", otherwise.takesUnderscores()),
        level.flag("ignore_invalid_headers", otherwise.dropsInvalid()));
  }

  private static Body body(Level level, Body otherwise) {
    return new Body(
        level.bytes("client_max_body_size", otherwise.bytesMax()),
        level.time("client_body_timeout", otherwise.timeout()),
        otherwise.rateMin(),
        otherwise.grace());
  }

  private KeepAlive keepAlive(Level level, KeepAlive otherwise) {
    Duration timeout = otherwise.timeout();
    for (Directive directive : level.find("keepalive_timeout").stream().toList()) {
      for (String word : directive.texts()) {
        if (Quantity.time(word).isEmpty()) {
          findings.badValue(directive);
        }
      }
      timeout = Quantity.time(directive.word(0)).orElse(timeout);
    }
    return new KeepAlive(
        timeout,
        level.number("keepalive_requests", otherwise.requestsMax()),
        level.time("keepalive_time", otherwise.time()));
  }

  private static Lingering lingering(Level level, Lingering otherwise) {
    Lingering.Mode mode =
        level
            .find("lingering_close")
            .map(
                directive ->
                    switch (directive.word(0)) {
                      case "off" -> Lingering.Mode.OFF;
                      case "always" -> Lingering.Mode.ALWAYS;
                      default -> Lingering.Mode.ON;
                    })
            .orElse(otherwise.mode());
    return new Lingering(
        mode,
        level.time("lingering_time", otherwise.time()),
        level.time("lingering_timeout", otherwise.timeout()));
  }
}
