package dev.muster.health.probe;

import dev.muster.registry.catalog.Probe;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Probes over HTTP/2: a ping, and the health service of gRPC, version 1.
final class Http2Probes {
  private static final List<String> CODES =
      List.of(
          "OK",
          "Canceled",
          "Unknown",
          "InvalidArgument",
          "DeadlineExceeded",
          "NotFound",
          "AlreadyExists",
          "PermissionDenied",
          "ResourceExhausted",
          "FailedPrecondition",
          "Aborted",
          "OutOfRange",
          "Unimplemented",
          "Internal",
          "Unavailable",
          "DataLoss",
          "Unauthenticated");
  private static final List<String> SERVING =
      List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");

  private final Dialer dialer;

  Http2Probes(Dialer dialer) {
    this.dialer = dialer;
  }

  @FunctionalInterface
  private interface Talk {
    Result over(Http2Connection connection) throws IOException;
  }

  private Result connected(HostPort target, Probe.Tls tls, Deadline deadline, Talk talk)
      throws IOException {
    try (Socket plain = dialer.connect(target, deadline)) {
      try (Socket socket =
          tls.isUsed() ? dialer.secure(plain, target, tls, List.of("h2"), deadline) : plain) {
        return talk.over(Http2Connection.open(socket));
      } catch (IOException e) {
        throw new Broken(deadline.isOver() ? "context deadline exceeded" : reason(e), e);
      }
    }
  }

  /// What went wrong once the connection stood.
  private static final class Broken extends IOException {
    private static final long serialVersionUID = 1;

    Broken(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private static String reason(IOException e) {
    return e instanceof EOFException ? "EOF" : Reasons.of(e);
  }

  Result ping(Probe.H2Ping probe, Deadline deadline) {
    try {
      HostPort target = HostPort.parse(probe.target());
      return connected(
          target,
          probe.tls(),
          deadline,
          connection -> {
            connection.ping();
            return Result.passing("HTTP2 ping was successful");
          });
    } catch (Broken e) {
      return Result.critical("HTTP2 ping failed: " + Reasons.of(e));
    } catch (IOException | IllegalArgumentException e) {
      return Result.critical("Failed to dial to %s: %s".formatted(probe.target(), Reasons.of(e)));
    }
  }

  Result grpc(Probe.Grpc probe, Deadline deadline) {
    int slash = probe.target().indexOf('/');
    String authority = slash < 0 ? probe.target() : probe.target().substring(0, slash);
    String service = slash < 0 ? "" : probe.target().substring(slash + 1);
    try {
      HostPort target = HostPort.parse(authority);
      return connected(
          target,
          probe.tls(),
          deadline,
          connection -> {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put(":method", "POST");
            headers.put(":scheme", probe.tls().isUsed() ? "https" : "http");
            headers.put(":path", "/grpc.health.v1.Health/Check");
            String name = probe.tls().serverName();
            headers.put(":authority", name.isEmpty() ? authority : name);
            headers.put("content-type", "application/grpc");
            headers.put("te", "trailers");
            headers.put("user-agent", "Consul Health Check");
            return verdict(probe.target(), connection.request(headers, question(service)));
          });
    } catch (Broken e) {
      String code =
          deadline.isOver() ? "DeadlineExceeded desc = " : "Unavailable desc = connection error: ";
      return Result.critical("rpc error: code = " + code + Reasons.of(e));
    } catch (IOException | IllegalArgumentException e) {
      return Result.critical(
          "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while"
              + " dialing: "
              + Reasons.of(e)
              + "\"");
    }
  }

  /// `HealthCheckRequest` in its frame: one text, the service.
  private static byte[] question(String service) {
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    ByteBuf message = Unpooled.buffer();
    if (name.length > 0) {
      message.writeByte(0x0A);
      int length = name.length;
      for (; length >= 128; length >>>= 7) {
        message.writeByte((length & 0x7F) | 0x80);
      }
      message.writeByte(length).writeBytes(name);
    }
    ByteBuf framed = Unpooled.buffer();
    framed.writeByte(0).writeInt(message.readableBytes()).writeBytes(message);
    byte[] bytes = new byte[framed.readableBytes()];
    framed.readBytes(bytes);
    return bytes;
  }

  private static Result verdict(String target, Http2Connection.Answer answer) {
    Map<String, String> headers = answer.headers();
    String http = headers.getOrDefault(":status", "");
    String status = headers.get("grpc-status");
    if (status == null) {
      return Result.critical(
          "rpc error: code = Unknown desc = unexpected HTTP status code received from server: "
              + http);
    }
    if (!status.equals("0")) {
      String message = headers.getOrDefault("grpc-message", "");
      return Result.critical(
          "rpc error: code = %s desc = %s".formatted(codeName(status), decoded(message)));
    }
    String serving = serving(answer.message());
    return serving.equals("SERVING")
        ? Result.passing("gRPC check " + target + ": success")
        : Result.critical("gRPC %s serving status: %s".formatted(target, serving));
  }

  private static String codeName(String status) {
    try {
      int code = Integer.parseInt(status);
      return code >= 0 && code < CODES.size() ? CODES.get(code) : "Code(" + code + ")";
    } catch (NumberFormatException e) {
      return "Unknown";
    }
  }

  private static String decoded(String message) {
    try {
      return URLDecoder.decode(message.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return message; // not encoded as it should be; better than nothing
    }
  }

  /// The status in a `HealthCheckResponse`: the first member, a number; absent it is 0.
  private static String serving(byte[] framed) {
    int at = 5;
    int status = framed.length >= at + 2 && framed[at] == 0x08 ? framed[at + 1] : 0;
    return status >= 0 && status < SERVING.size() ? SERVING.get(status) : "status " + status;
  }
}
