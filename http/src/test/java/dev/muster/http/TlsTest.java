package dev.muster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A server with a certificate, as clients see it, and what is said of files that do not serve. The
/// files were made with `openssl`; their authority has signed the server's and the client's.
@Timeout(30)
class TlsTest {
  private static final char[] NO_PASSWORD = {};

  @TempDir private Path folder;
  private HttpServer server;

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  private static Path file(String name) {
    try {
      return Path.of(TlsTest.class.getResource("tls/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private void start(HttpTls tls, HttpLimits limits) throws IOException {
    var any = new InetSocketAddress("127.0.0.1", 0);
    server =
        HttpServer.start(
            HttpConfig.on(any).with(tls).with(limits),
            request ->
                Response.text(200, "%s %d".formatted(request.path(), request.body().length)));
  }

  /// @param withCertificate whether the client shows one
  private static HttpClient client(boolean withCertificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, NO_PASSWORD);
    trusted.setCertificateEntry("authority", certificate("authority.pem"));
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, NO_PASSWORD);
    if (withCertificate) {
      own.setKeyEntry(
          "client",
          PrivateKeys.read(Files.readString(file("client.key"))),
          NO_PASSWORD,
          new Certificate[] {certificate("client.pem")});
    }
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, NO_PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static Certificate certificate(String name) throws Exception {
    try (var in = Files.newInputStream(file(name))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private HttpResponse<String> put(HttpClient client, int bytes) throws Exception {
    var uri = URI.create("https://localhost:" + server.address().getPort() + "/a");
    var body = HttpRequest.BodyPublishers.ofByteArray(new byte[bytes]);
    return client.send(
        HttpRequest.newBuilder(uri).PUT(body).timeout(Duration.ofSeconds(20)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({
    "ec-sec1.pem, ec-sec1.key",
    "ec-sec1.pem, ec-pkcs8.key",
    "rsa-pkcs1.pem, rsa-pkcs1.key",
    "rsa-pkcs1.pem, rsa-pkcs8.key"
  })
  void keysOfAllFormsServe(String certificate, String key) throws Exception {
    start(new HttpTls(file(certificate), file(key), null), HttpLimits.defaults());
    try (HttpClient client = client(false)) {
      HttpResponse<String> answer = put(client, 400_000);
      assertThat(answer.body()).isEqualTo("/a 400000");
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(put(client, 600_000).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void clientsWithoutACertificateStayOutsideIfOneIsAsked() throws Exception {
    start(
        new HttpTls(file("ec-sec1.pem"), file("ec-sec1.key"), file("authority.pem")),
        HttpLimits.defaults());
    try (HttpClient known = client(true);
        HttpClient stranger = client(false)) {
      assertThat(put(known, 3).body()).isEqualTo("/a 3");
      assertThatThrownBy(() -> put(stranger, 3)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whoHasTooManyConnectionsIsToldInConfidence() throws Exception {
    start(
        new HttpTls(file("ec-sec1.pem"), file("ec-sec1.key"), null),
        HttpLimits.defaults().withConnectionsPerClient(1));
    try (var first = new RawClient(server.address());
        HttpClient second = client(false)) {
      first.send(new byte[] {22, 3, 1});
      assertThat(put(second, 0).statusCode()).isEqualTo(429);
    }
  }

  private void assertRefused(Path certificate, Path key, String... told) {
    var tls = new HttpTls(certificate, key, null);
    assertThatThrownBy(() -> start(tls, HttpLimits.defaults()))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(told);
  }

  @Test
  void filesThatDoNotServeAreNamedWithTheReason() throws IOException {
    Path certificate = file("ec-sec1.pem");
    Path key = file("ec-sec1.key");
    Path absent = folder.resolve("absent.pem");
    Path other = Files.writeString(folder.resolve("other"), "nothing of the kind");
    Path damaged =
        Files.writeString(
            folder.resolve("damaged"),
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    Path cut =
        Files.writeString(
            folder.resolve("cut"),
            "-----BEGIN EC PRIVATE KEY-----\nMHc=\n-----END EC PRIVATE KEY-----\n");
    assertRefused(absent, key, absent.toString(), "there is no such file");
    assertRefused(certificate, absent, absent.toString(), "there is no such file");
    assertRefused(other, key, other.toString(), "cannot use the TLS certificates");
    assertRefused(key, key, key.toString(), "cannot use the TLS certificates");
    assertRefused(certificate, other, other.toString(), "there is no private key in PEM");
    assertRefused(certificate, damaged, damaged.toString(), "the key is damaged");
    assertRefused(certificate, cut, cut.toString(), "the key is cut off");
    assertRefused(certificate, file("encrypted.key"), "encrypted.key", "has a passphrase");
    assertRefused(
        certificate, file("rsa-pkcs1.key"), "rsa-pkcs1.key", "does not belong", "CN=server");
  }
}
