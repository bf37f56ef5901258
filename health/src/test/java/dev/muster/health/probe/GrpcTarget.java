package dev.muster.health.probe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Server;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;

/// A server of gRPC's own, with its health service; the messages are the bytes of the protocol.
final class GrpcTarget implements AutoCloseable {

  /// What each service says, by number; unknown services are refused.
  final Map<String, Integer> serving = new ConcurrentHashMap<>(Map.of("", 1));

  private final Server server;

  private GrpcTarget(boolean tls, boolean hasHealth) throws IOException, GeneralSecurityException {
    var builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    if (tls) {
      builder.sslContext(
          GrpcSslContexts.configure(SslContextBuilder.forServer(Certificate.MADE.shown())).build());
    }
    if (hasHealth) {
      builder.addService(health());
    }
    server = builder.build().start();
  }

  static GrpcTarget plain() throws Exception {
    return new GrpcTarget(false, true);
  }

  static GrpcTarget overTls() throws Exception {
    return new GrpcTarget(true, true);
  }

  static GrpcTarget withoutHealth() throws Exception {
    return new GrpcTarget(false, false);
  }

  private ServerServiceDefinition health() {
    MethodDescriptor<byte[], byte[]> check =
        MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("grpc.health.v1.Health/Check")
            .build();
    return ServerServiceDefinition.builder("grpc.health.v1.Health")
        .addMethod(check, ServerCalls.asyncUnaryCall(this::check))
        .build();
  }

  private void check(byte[] request, StreamObserver<byte[]> answer) {
    String service =
        request.length == 0
            ? ""
            : new String(request, 2, request.length - 2, StandardCharsets.UTF_8);
    Integer status = serving.get(service);
    if (status == null) {
      answer.onError(Status.NOT_FOUND.withDescription("unknown service").asException());
      return;
    }
    answer.onNext(status == 0 ? new byte[0] : new byte[] {0x08, status.byteValue()});
    answer.onCompleted();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
