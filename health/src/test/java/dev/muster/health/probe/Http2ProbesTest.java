package dev.muster.health.probe;

import static dev.muster.registry.catalog.Check.Status.CRITICAL;
import static dev.muster.registry.catalog.Check.Status.PASSING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Probe;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against a server of gRPC's own.
@Timeout(30)
class Http2ProbesTest {
  private final Look look = new Look();

  @AfterEach
  void close() {
    look.close();
  }

  private static Probe.Grpc grpc(String target, Probe.Tls tls) {
    return new Probe.Grpc(target, Look.RHYTHM, tls);
  }

  private static Probe.H2Ping ping(String target, Probe.Tls tls) {
    return new Probe.H2Ping(target, Look.RHYTHM, tls);
  }

  @Test
  void aServerThatServesIsPassing() throws Exception {
    try (GrpcTarget target = GrpcTarget.plain()) {
      String address = target.address();
      assertThat(look.at(grpc(address, Probe.Tls.NONE)))
          .isEqualTo(Result.passing("gRPC check " + address + ": success"));
      target.serving.put("", 2);
      assertThat(look.at(grpc(address, Probe.Tls.NONE)))
          .isEqualTo(Result.critical("gRPC " + address + " serving status: NOT_SERVING"));
      target.serving.put("", 0);
      assertThat(look.at(grpc(address, Probe.Tls.NONE)))
          .isEqualTo(Result.critical("gRPC " + address + " serving status: UNKNOWN"));
    }
  }

  @Test
  void eachServiceOfAServerSpeaksForItself() throws Exception {
    try (GrpcTarget target = GrpcTarget.plain()) {
      String longName = "a.very.long.name.".repeat(20);
      target.serving.put("my.Service", 1);
      target.serving.put(longName, 1);
      target.serving.put("other/Service", 2);
      String mine = target.address() + "/my.Service";
      assertThat(look.at(grpc(mine, Probe.Tls.NONE)))
          .isEqualTo(Result.passing("gRPC check " + mine + ": success"));
      assertThat(look.at(grpc(target.address() + "/other/Service", Probe.Tls.NONE)).output())
          .endsWith("/other/Service serving status: NOT_SERVING");
      assertThat(look.at(grpc(target.address() + "/nope", Probe.Tls.NONE)))
          .isEqualTo(Result.critical("rpc error: code = NotFound desc = unknown service"));
    }
  }

  @Test
  void whatHasNoHealthServiceIsCritical() throws Exception {
    try (GrpcTarget target = GrpcTarget.withoutHealth();
        Target http = new Target()) {
      assertThat(look.at(grpc(target.address(), Probe.Tls.NONE)).output())
          .startsWith("rpc error: code = Unimplemented desc = Method not found");
      Result other = look.at(grpc(http.address(), Probe.Tls.NONE));
      assertThat(other.status()).isEqualTo(CRITICAL);
      assertThat(other.output()).startsWith("rpc error: code = Unavailable desc = ");
    }
    String closed = "127.0.0.1:" + Target.closedPort();
    assertThat(look.at(grpc(closed, Probe.Tls.NONE)))
        .isEqualTo(
            Result.critical(
                "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error"
                    + " while dialing: dial tcp "
                    + closed
                    + ": connect: connection refused\""));
  }

  @Test
  void overTlsTheCertificateMustBeForTheName() throws Exception {
    try (GrpcTarget target = GrpcTarget.overTls()) {
      assertThat(look.at(grpc(target.address(), Look.NAMED)).status()).isEqualTo(PASSING);
      assertThat(look.at(grpc(target.address(), Look.UNVERIFIED)).status()).isEqualTo(PASSING);
      assertThat(look.at(grpc(target.address(), Look.UNNAMED)).output())
          .contains("tls: failed to verify certificate");
      assertThat(look.at(ping(target.address(), Look.NAMED)))
          .isEqualTo(Result.passing("HTTP2 ping was successful"));
    }
  }

  @Test
  void aPingIsAnsweredByHttp2Only() throws Exception {
    try (GrpcTarget target = GrpcTarget.plain();
        Target http = new Target()) {
      assertThat(look.at(ping(target.address(), Probe.Tls.NONE)))
          .isEqualTo(Result.passing("HTTP2 ping was successful"));
      Result other = look.at(ping(http.address(), Probe.Tls.NONE));
      assertThat(other.status()).isEqualTo(CRITICAL);
      assertThat(other.output()).startsWith("HTTP2 ping failed: ");
    }
    String closed = "127.0.0.1:" + Target.closedPort();
    assertThat(look.at(ping(closed, Probe.Tls.NONE)).output())
        .isEqualTo(
            "Failed to dial to %s: dial tcp %s: connect: connection refused"
                .formatted(closed, closed));
  }

  @Test
  void silenceIsCriticalWhenTheTimeIsOver() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String target = "127.0.0.1:" + silent.getLocalPort();
      Probe.Rhythm soon = Look.within(Duration.ofMillis(150));
      assertThat(look.at(new Probe.Grpc(target, soon, Probe.Tls.NONE)))
          .isEqualTo(
              Result.critical(
                  "rpc error: code = DeadlineExceeded desc = context deadline exceeded"));
      assertThat(look.at(new Probe.H2Ping(target, soon, Probe.Tls.NONE)))
          .isEqualTo(Result.critical("HTTP2 ping failed: context deadline exceeded"));
    }
  }
}
