package dev.muster.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.balancer.config.BalancerConfig.Limits;
import dev.muster.balancer.config.BalancerConfig.Timeouts;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Pins every name and default, and how wrong values are reported.
class BalancerConfigTest {
  @Test
  void hasTheDocumentedDefaults() {
    assertThat(BalancerConfig.defaults().withThreads(2).toString())
        .isEqualTo(
            "BalancerConfig[listenAddress=127.0.0.1, port=8080, threads=2, "
                + "timeouts=Timeouts[clientHeader=PT1M, clientIdle=PT1M15S, clientBody=PT1M, "
                + "clientSend=PT1M, connect=PT5S, response=PT1M, upstreamIdle=PT1M, retry=PT10S, "
                + "skip=PT1S, drain=PT30S], "
                + "limits=Limits[requestLineBytes=8192, headerBytes=32768, headerCount=100, "
                + "bodyBytes=1073741824, replayBytes=65536, tries=16, idlePerInstance=1024, "
                + "connections=16384], "
                + "telemetry=Telemetry[logs=[], traceRatio=0.0, otlpEndpoint=Optional.empty], "
                + "sessionKey=Optional.empty, takesBareLf=false]");
    assertThat(BalancerConfig.defaults().threads())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void reportsEveryProblemTogether() {
    Timeouts timeouts = Timeouts.defaults();
    Timeouts wrong =
        new Timeouts(
            Duration.ZERO,
            timeouts.clientIdle(),
            timeouts.clientBody(),
            timeouts.clientSend(),
            timeouts.connect(),
            timeouts.response(),
            timeouts.upstreamIdle(),
            timeouts.retry(),
            timeouts.skip(),
            Duration.ofDays(2));
    var telemetry = new Telemetry(List.of(), 2, Optional.of(URI.create("file:/here")));
    Limits limits = new Limits(8192, 1, 100, -1, 0, 0, 0, 1);
    assertThatThrownBy(
            () ->
                new BalancerConfig(
                    "here", 65536, 0, wrong, limits, telemetry, Optional.empty(), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "balancer: listenAddress 'here' is not an IP address; port is 65536, not -1 to 65535; "
                + "threads is 0, not 1 to 1024; "
                + "timeouts.clientHeader is PT0S, not above zero and up to a day; "
                + "timeouts.drain is PT48H, not above zero and up to a day; "
                + "limits.headerBytes is 1, not 64 to 1048576; "
                + "limits.bodyBytes is -1, not 0 to 9223372036854775807; "
                + "limits.tries is 0, not 1 to 1000; "
                + "telemetry.traceRatio is 2.0, not 0 to 1; "
                + "telemetry.otlpEndpoint is file:/here, not http://HOST:PORT");
  }
}
