package dev.muster.health.probe;

import dev.muster.registry.catalog.Probe;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Connects probes to their targets. Connections are never kept: a server that no longer accepts
/// any must be noticed. Failures read as Go's do, which people know from Consul.
final class Dialer {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private final Supplier<SSLContext> verifying;
  private final Names names;

  /// @param verifying knows whom to trust
  Dialer(Supplier<SSLContext> verifying, Names names) {
    this.verifying = verifying;
    this.names = names;
  }

  /// A plain connection to the first address of the host that accepts one.
  Socket connect(HostPort target, Deadline deadline) throws IOException {
    InetAddress[] addresses = resolve("tcp", target.host(), deadline);
    int timeoutMillis =
        Math.clamp(deadline.time().toMillis() / addresses.length, 1, Integer.MAX_VALUE);
    IOException last = null;
    for (InetAddress address : addresses) {
      Socket socket = deadline.guard(new Socket());
      var end = new InetSocketAddress(address, target.port());
      try {
        socket.connect(end, timeoutMillis);
        socket.setTcpNoDelay(true);
        return socket;
      } catch (IOException e) {
        socket.close();
        last = new ConnectException("dial tcp " + text(end) + ": " + reason(e, deadline));
      }
    }
    throw last == null ? new UnknownHostException(target.host()) : last;
  }

  InetAddress[] resolve(String network, String host, Deadline deadline) throws IOException {
    return names.addresses(network, host, deadline);
  }

  static String text(InetSocketAddress end) {
    return new HostPort(end.getAddress().getHostAddress(), end.getPort()).toString();
  }

  private static String reason(IOException e, Deadline deadline) {
    if (deadline.isOver() || e instanceof SocketTimeoutException) {
      return "i/o timeout";
    }
    return "connect: " + Reasons.of(e).toLowerCase(Locale.ROOT);
  }

  /// A connection over TLS. The certificate must be for the server name, or else the target.
  ///
  /// @param protocols offered by ALPN; none: no such extension
  SSLSocket secure(
      Socket plain, HostPort target, Probe.Tls tls, List<String> protocols, Deadline deadline)
      throws IOException {
    String name = tls.serverName().isEmpty() ? target.host() : tls.serverName();
    try {
      SSLSocketFactory factory =
          tls.skipsVerification() ? Unverified.socketFactory() : verifying.get().getSocketFactory();
      SSLSocket socket = (SSLSocket) factory.createSocket(plain, name, target.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      if (!ADDRESS.matcher(name).matches()) {
        parameters.setServerNames(List.of(new SNIHostName(name)));
      }
      if (!tls.skipsVerification()) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      parameters.setApplicationProtocols(protocols.toArray(String[]::new));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      throw new SSLException(deadline.isOver() ? "TLS handshake timeout" : "tls: " + refused(e), e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new SSLException("tls: " + Reasons.of(e), e);
    }
  }

  /// The certificate's fault is what people look for.
  private static String refused(IOException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathBuilderException) {
        return "failed to verify certificate: signed by unknown authority";
      }
      if (cause instanceof CertificateException && cause.getCause() == null) {
        return "failed to verify certificate: " + Reasons.of(cause);
      }
    }
    return Reasons.of(e);
  }
}
